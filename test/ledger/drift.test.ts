import { expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { defaults, settingNames, toBody } from '../../src/conference/settings.js';
import { driftAfterCall, driftOf, isContested } from '../../src/ledger/drift.js';
import type { Conditions, Drift, Sighting } from '../../src/ledger/record.js';
import { conferenceRecord } from '../arbitrary/record.js';
import { sealedBody } from '../arbitrary/settings.js';

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

it('has a default for every flag that an answer leaves out', () => {
  expect(defaults).toMatchObject({ hold: false, mute: false });
});
