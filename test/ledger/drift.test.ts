import { describe, expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { defaults, settingNames, toBody } from '../../src/conference/settings.js';
import { driftAfterCall, driftOf, isContested } from '../../src/ledger/drift.js';
import { emptyRecord, evolve, type Entry } from '../../src/ledger/entry.js';
import type { Conditions, ConferenceRecord, Drift, Sighting } from '../../src/ledger/record.js';
import { conferenceRecord } from '../arbitrary/record.js';
import { sealedBody } from '../arbitrary/settings.js';
import { snapshot } from '../plan/sides.js';
import { aCall, id } from './sqlite-state.js';

const applied = (value: boolean | string | number) => ({ _tag: 'Applied', value }) as const;

it.each<[string, Conditions, Record<string, boolean | string>, readonly string[]]>([
  ['another value', { mute: applied(true) }, { mute: false }, ['mute']],
  ['the same value', { mute: applied(true) }, { mute: true }, []],
  ['absent, and the default was applied', { hold: applied(false) }, {}, []],
  ['absent, and another value was applied', { hold: applied(true) }, {}, ['hold']],
  ['a tag that is gone', { tag: applied('a') }, {}, ['tag']],
  ['in doubt', { mute: { _tag: 'InDoubt', value: true, before: O.none } }, { mute: false }, []],
  ['never applied', {}, { mute: true, tag: 'a' }, []],
])('%s', (_what, conditions, live, expected) => {
  expect(Object.keys(driftOf(conditions, live, {}, 5))).toStrictEqual(expected);
});

it('since when it drifts is when it was first seen', () => {
  const before: Drift = { tag: { live: O.some('b'), sinceMs: 3 } };
  const drift = driftOf({ tag: applied('a'), mute: applied(true) }, { tag: 'c' }, before, 5);
  expect(drift).toStrictEqual({
    tag: { live: O.some('c'), sinceMs: 3 },
    mute: { live: O.some(false), sinceMs: 5 },
  });
  expect(driftAfterCall(drift, { tag: 'a' })).toStrictEqual({ mute: { live: O.some(false), sinceMs: 5 } });
});

test.prop([conferenceRecord, sealedBody, fc.nat()])(
  'what is live as it was applied has not drifted, and what has drifted was applied otherwise',
  ({ settings }, live, atMs) => {
    const asApplied = toBody(
      settingNames.flatMap((name) => {
        const condition = settings[name];
        return condition?._tag === 'Applied' ? [[name, condition.value] as const] : [];
      }),
    );
    expect(driftOf(settings, asApplied, {}, atMs)).toStrictEqual({});
    for (const [name] of Object.entries(driftOf(settings, live, {}, atMs)))
      expect(settingNames.some((one) => one === name && settings[one]?._tag === 'Applied')).toBe(true);
  },
);

const minuteMs = 60_000;

it.each<[string, readonly number[], number | undefined, boolean]>([
  ['three calls in ten minutes, and drift again', [0, 3, 6], 9, true],
  ['three calls, and nothing drifts', [0, 3, 6], undefined, false],
  ['two calls', [0, 3], 4, false],
  ['three calls over a longer time', [0, 3, 6], 11, false],
])('contested: %s', (_what, healedMinutes, driftMinute, expected) => {
  const sighting: Sighting = {
    atMs: 0,
    audience: O.none,
    drift:
      driftMinute === undefined ? {} : { mute: { live: O.some(false), sinceMs: driftMinute * minuteMs } },
    healedAtMs: healedMinutes.map((minute) => minute * minuteMs),
  };
  expect(isContested(sighting)).toBe(expected);
});

/** A daemon that heals, and somebody who sets it back: what the ledger makes of it, minute by minute. */
describe('flip by flip', () => {
  const conference = id('conf-1');
  const start = O.some({ ...emptyRecord(conference), settings: { mute: applied(true) } });
  const sighted = (minute: number, mute: boolean): Entry => ({
    _tag: 'Sighted',
    conference,
    completed: false,
    settings: { mute },
    audience: O.none,
    atMs: minute * minuteMs,
  });
  const healedAt = (minute: number): readonly Entry[] => {
    const call = aCall(minute, { conference, startedAtMs: minute * minuteMs });
    const result = {
      outcome: 'Applied',
      status: O.some(200),
      code: O.none,
      message: '',
      durationMs: 1,
    } as const;
    return [
      { _tag: 'Intended', conference, call },
      { _tag: 'Finished', conference, call, result, trouble: O.none, forget: false },
    ];
  };
  const after = (...entries: readonly Entry[]): Sighting | undefined =>
    O.toUndefined(
      O.chain((record: ConferenceRecord) => record.sighting)(
        entries.reduce<O.Option<ConferenceRecord>>(evolve, start),
      ),
    );
  const flip = (minute: number): readonly Entry[] => [sighted(minute, false), ...healedAt(minute)];
  const contested = (...entries: readonly Entry[]): boolean => {
    const sighting = after(...entries);
    return sighting !== undefined && isContested(sighting);
  };

  it('is given up when it drifts again after three calls, and stays so', () => {
    expect(after(...flip(1), ...flip(2))?.healedAtMs).toStrictEqual([minuteMs, 2 * minuteMs]);
    expect(contested(...flip(1), ...flip(2), ...flip(3))).toBe(false);
    const given = [...flip(1), ...flip(2), ...flip(3), sighted(4, false)];
    expect(contested(...given)).toBe(true);
    expect(contested(...given, sighted(500, false))).toBe(true);
  });

  it('is taken up again when it drifts no more, or is declared otherwise', () => {
    const given = [...flip(1), ...flip(2), ...flip(3), sighted(4, false)];
    expect(contested(...given, sighted(5, true))).toBe(false);
    expect(contested(...given, sighted(5, true), sighted(30, false))).toBe(false);
    const declared: Entry = {
      _tag: 'Declared',
      conference,
      snapshot: snapshot({ mute: true, tag: 'x' }),
      atMs: 5 * minuteMs,
    };
    expect(contested(...given, declared)).toBe(false);
  });

  it('is never given up while it flips slowly', () => {
    const slowly = [...flip(1), ...flip(6), ...flip(11), ...flip(16), ...flip(21), sighted(26, false)];
    expect(contested(...slowly)).toBe(false);
    expect(after(...slowly)?.healedAtMs).toHaveLength(3);
  });
});

it('has a default for every flag that an answer leaves out', () => {
  expect(defaults).toMatchObject({ hold: false, mute: false });
});
