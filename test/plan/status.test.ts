import { test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Body } from '../../src/conference/settings.js';
import type { Conditions, ConferenceRecord, Trouble } from '../../src/ledger/record.js';
import { noFacts, type Holder } from '../../src/ledger/store.js';
import { standings, type Standing } from '../../src/plan/standing.js';
import { statusOf } from '../../src/plan/status.js';
import { records as anyRecords } from './inputs.js';
import { applied, conference, ended, inDoubt, recordOf, recordsOf, rules, snapshot } from './sides.js';

const holder: Holder = { pid: 1, host: 'here', command: 'watch', sinceMs: 1 };
const stored = (records: ReturnType<typeof recordsOf>, writer: O.Option<Holder> = O.none) => ({
  records,
  facts: noFacts,
  writer,
});
const trouble = (kind: Trouble['kind']): Partial<ConferenceRecord> => ({
  trouble: O.some({
    kind,
    evidence: { status: O.none, code: O.none, message: '' },
    declared: '',
    attempts: 1,
    sinceMs: 1,
    nextAttemptAtMs: O.none,
  }),
});
const intent: Partial<ConferenceRecord> = {
  intent: O.some({ call: 1, body: {}, before: {}, startedAtMs: 1 }),
};
const declared = (settings: Body, more = {}) => ({ declared: O.some(snapshot(settings, more)) });
const mute = declared({ mute: true });

const drifting: Partial<ConferenceRecord> = {
  sighting: O.some({
    atMs: 9,
    audience: O.none,
    drift: { mute: { live: O.some(false), sinceMs: 7 } },
    healedAtMs: [],
  }),
};

describe('where a conference stands', () => {
  it.each<readonly [string, Conditions, Partial<ConferenceRecord>, O.Option<Holder>, Standing, number]>([
    ['as declared', { mute: applied(true) }, mute, O.none, 'settled', 0],
    ['not yet', {}, mute, O.none, 'waiting', 1],
    ['a doubt about its end', { state: inDoubt('completed') }, declared({}), O.none, 'waiting', 1],
    ['a call under way', { mute: inDoubt(true) }, { ...mute, ...intent }, O.some(holder), 'calling', 1],
    [
      'a call that a killed process left',
      { mute: inDoubt(true) },
      { ...mute, ...intent },
      O.none,
      'waiting',
      1,
    ],
    [
      'a call that a process left which was killed before this one',
      { mute: inDoubt(true) },
      { ...mute, ...intent },
      O.some({ ...holder, sinceMs: 2 }),
      'waiting',
      1,
    ],
    ['failing', {}, { ...mute, ...trouble('failing') }, O.none, 'failing', 1],
    ['missing', {}, { ...mute, ...trouble('missing') }, O.none, 'missing', 1],
    ['rejected', {}, { ...mute, ...trouble('rejected') }, O.none, 'rejected', 0],
    [
      'trouble that is over',
      { mute: applied(true) },
      { ...mute, ...trouble('failing') },
      O.none,
      'settled',
      0,
    ],
    ['ended and different', ended, mute, O.none, 'blocked', 0],
    ['ended as declared', ended, declared({ state: 'completed' }), O.none, 'settled', 0],
    ['ended by itself', ended, declared({}), O.none, 'ended', 0],
    [
      'said to have ended, which a GET has to confirm',
      { mute: applied(true) },
      { ...declared({ mute: false }), endReportedAtMs: O.some(5) },
      O.none,
      'ended',
      1,
    ],
    ['drifted', { mute: applied(true) }, { ...mute, ...drifting }, O.none, 'drifted', 0],
    [
      'drifted and declared otherwise',
      { mute: applied(true) },
      { ...declared({ mute: false }), ...drifting },
      O.none,
      'waiting',
      1,
    ],
    ['suspended', {}, declared({ mute: true }, { suspend: true }), O.none, 'suspended', 0],
    [
      'waits for its last member',
      {},
      declared({ state: 'completed' }, { whenEmpty: true }),
      O.none,
      'waiting',
      2,
    ],
    ['removed', { mute: applied(true) }, { ...mute, presence: 'removed' }, O.none, 'undeclared', 0],
    [
      'removed, and it cannot be released yet',
      { mute: applied(true) },
      { ...mute, ...trouble('missing'), presence: 'removed' },
      O.none,
      'missing',
      0,
    ],
    [
      'removed, and a call is under way',
      { mute: inDoubt(true) },
      { ...mute, ...intent, presence: 'removed' },
      O.some(holder),
      'calling',
      0,
    ],
  ])('%s', (_, settings, more, writer, standing, calls) => {
    const { conferences, summary } = statusOf(stored(recordsOf(recordOf(settings, more)), writer), rules);
    expect([...conferences].map((one) => one.standing)).toStrictEqual([standing]);
    expect(summary).toMatchObject({ conferences: 1, [standing]: 1, calls, seconds: calls });
  });

  it.each([
    ['release', 0],
    ['reset', 1],
    ['complete', 1],
  ] as const)('removed, with --on-remove %s: %i calls', (onRemove, calls) => {
    const removed = recordOf({ mute: applied(true) }, { presence: 'removed' });
    const { conferences, summary } = statusOf(stored(recordsOf(removed)), { ...rules, onRemove });
    expect([...conferences].map(({ standing }) => standing)).toStrictEqual(['undeclared']);
    expect(summary).toMatchObject({ undeclared: 1, calls, seconds: calls });
  });

  it('says what is applied, what is in doubt, and what is protected', () => {
    const record = recordOf({ mute: applied(true), tag: inDoubt('t', 's'), ...ended }, { protected: true });
    expect([...statusOf(stored(recordsOf(record)), rules).conferences][0]).toMatchObject({
      applied: { state: 'completed', mute: true },
      inDoubt: { tag: 't' },
      completed: true,
      protected: true,
    });
  });
});

describe('the whole', () => {
  it('is in the order of the ids, without what was let go', () => {
    const all = ['c', 'a', 'b'].map((name) =>
      recordOf({}, { ...mute, presence: name === 'b' ? 'released' : 'declared' }, conference(name)),
    );
    const status = statusOf(stored(recordsOf(...all), O.some(holder)), { ...rules, rate: 0.5 });
    expect([...status.conferences].map((one) => one.conference)).toStrictEqual(['a', 'c']);
    expect(status.summary).toMatchObject({ conferences: 2, waiting: 2, inDoubt: 0, calls: 2, seconds: 4 });
    expect(status.writer).toStrictEqual(O.some(holder));
  });

  it('says which lanes the calls are in, and since when the oldest waits', () => {
    const waits = (name: string, settings: Body, declaredSinceMs: number) =>
      recordOf({}, { ...declared(settings), declaredSinceMs: O.some(declaredSinceMs) }, conference(name));
    const records = recordsOf(
      waits('a', { mute: true }, 30),
      waits('b', { tag: 't' }, 20),
      waits('c', { tag: 't' }, 40),
      recordOf({ mute: applied(true) }, { ...mute, declaredSinceMs: O.some(10) }, conference('d')),
    );
    const { budget, conferences } = statusOf(stored(records), rules);
    expect(budget).toStrictEqual({
      rate: 1,
      granted: O.none,
      lanes: { 1: 1, 2: 2, 3: 0 },
      oldestIn: { 1: O.some(30), 2: O.some(20), 3: O.none },
      oldestSinceMs: O.some(20),
    });
    expect([...conferences].map(({ lane }) => O.toUndefined(lane))).toStrictEqual([1, 2, 2, undefined]);
  });

  it.each([
    ['less than was asked for', 1, 2_000, O.some(0.5), 4],
    ['more than was asked for', 0.1, 2_000, O.none, 20],
    ['a limit where none was asked for', 'unlimited', 500, O.some(2), 1],
  ] as const)('reckons with what the API grants: %s', (_, rate, intervalMs, granted, seconds) => {
    const two = recordsOf(recordOf({}, mute, conference('a')), recordOf({}, mute, conference('b')));
    const facts = { ...noFacts, budget: O.some({ intervalMs, learnedAtMs: 1 }) };
    const { budget, summary } = statusOf({ ...stored(two), facts }, { ...rules, rate });
    expect([budget.granted, summary.calls, summary.seconds]).toStrictEqual([granted, 2, seconds]);
  });

  test.prop([anyRecords])('everything stands somewhere', (records) => {
    const { summary, conferences } = statusOf(stored(records), { ...rules, rate: 'unlimited' });
    expect(standings.reduce((sum, standing) => sum + summary[standing], 0)).toBe([...conferences].length);
    expect(summary.conferences).toBe([...conferences].length);
    expect(summary.seconds).toBe(0);
  });
});
