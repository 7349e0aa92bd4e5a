import { describe, expect, it } from 'vitest';
import { conference } from '../plan/sides.js';
import { freeAtMs, turnsBetween } from './scheduler/limit.js';
import { oracleOf } from './scheduler/oracle.js';
import type { Edit, Fault, Setting, Value, Workload } from './scheduler/workload.js';

const edit = (atMs: number, name: string, setting: Setting, value: Value): Edit => ({
  atMs,
  conference: conference(name),
  setting,
  value,
});

const workloadOf = (edits: readonly Edit[], more: Partial<Workload> = {}): Workload => ({
  name: 'by hand',
  about: '',
  perSecond: 1,
  conferences: [...new Set(edits.map((one) => one.conference))],
  edits,
  limit: [{ fromMs: 0, perSecond: 1 }],
  faults: new Map(),
  watched: { _tag: 'LaneOne' },
  ...more,
});

const failing = (name: string, untilMs: number): ReadonlyMap<Edit['conference'], Fault> =>
  new Map([[conference(name), { kind: 'unavailable', untilMs }]]);

describe('the fewest possible calls, and the time they take', () => {
  it.each([
    { what: 'nothing', edits: [], calls: 0, totalMs: 0 },
    {
      what: 'an interval between two',
      edits: [edit(0, 'a', 'tag', 'x'), edit(0, 'b', 'tag', 'x')],
      calls: 2,
      totalMs: 1_000,
    },
    {
      what: 'only the last tag counts, and not before it is known',
      edits: [edit(0, 'a', 'tag', 'x'), edit(5_000, 'a', 'tag', 'y')],
      calls: 1,
      totalMs: 5_000,
    },
    {
      what: 'a tag that returns costs nothing',
      edits: [edit(0, 'a', 'tag', 'x'), edit(5_000, 'a', 'tag', 'before')],
      calls: 0,
      totalMs: 0,
    },
    {
      what: 'a tag rides along with a mute that comes later',
      edits: [edit(0, 'a', 'tag', 'x'), edit(5_000, 'a', 'mute', true)],
      calls: 1,
      totalMs: 5_000,
    },
    {
      what: 'a mute does not wait for a tag',
      edits: [edit(0, 'a', 'mute', true), edit(5_000, 'a', 'tag', 'x')],
      calls: 2,
      totalMs: 5_000,
    },
    {
      what: 'a mute that was heard has to be taken back',
      edits: [edit(0, 'a', 'mute', true), edit(5_000, 'a', 'mute', false)],
      calls: 2,
      totalMs: 5_000,
    },
    {
      what: 'one that is taken back before its turn was not',
      edits: [edit(0, 'b', 'mute', true), edit(100, 'a', 'mute', true), edit(200, 'a', 'mute', false)],
      calls: 1,
      totalMs: 0,
    },
    {
      what: 'what fails is waited for',
      edits: [edit(0, 'a', 'tag', 'x'), edit(0, 'b', 'tag', 'x')],
      faults: failing('a', 9_000),
      calls: 2,
      totalMs: 9_000,
    },
    {
      what: 'what fails for ever is left alone',
      edits: [edit(0, 'a', 'tag', 'x'), edit(0, 'b', 'tag', 'x')],
      faults: failing('a', Infinity),
      calls: 1,
      totalMs: 0,
    },
  ])('$what', ({ edits, faults, calls, totalMs }) => {
    const run = oracleOf(workloadOf(edits, faults === undefined ? {} : { faults }));
    expect(run).toMatchObject({ calls, totalMs });
  });

  it('lane 1 takes the first free turn', () => {
    const tags = ['a', 'b', 'c'].map((name) => edit(0, name, 'tag', 'x'));
    const { delays } = oracleOf(workloadOf([...tags, edit(400, 'd', 'mute', true)]));
    expect(delays.map(({ delayMs }) => delayMs)).toEqual([600]);
  });
});

describe('a limit that changes', () => {
  const limit = [
    { fromMs: 0, perSecond: 1 },
    { fromMs: 10_000, perSecond: 0.5 },
    { fromMs: 20_000, perSecond: 2 },
  ];

  it.each([
    { takenMs: -Infinity, freeMs: 0 },
    { takenMs: 3_000, freeMs: 4_000 },
    { takenMs: 9_500, freeMs: 11_500 },
    { takenMs: 19_500, freeMs: 20_000 },
    { takenMs: 19_900, freeMs: 20_400 },
  ])('after a call at $takenMs ms the next one is taken at $freeMs ms', ({ takenMs, freeMs }) => {
    expect(freeAtMs(limit, takenMs)).toBe(freeMs);
  });

  it.each([
    { fromMs: 0, toMs: 9_000, turns: 10 },
    { fromMs: 0, toMs: 9_999, turns: 10 },
    { fromMs: 12_000, toMs: 18_000, turns: 4 },
  ])('grants $turns calls from $fromMs to $toMs ms', ({ fromMs, toMs, turns }) => {
    expect(turnsBetween(limit, -Infinity, fromMs, toMs)).toBe(turns);
  });
});
