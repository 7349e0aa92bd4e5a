import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceRecord, Drift, Sighting } from '../../src/ledger/record.js';
import { contestedIn } from '../../src/plan/drifted.js';
import { driftNews, nothingTold, type Told } from '../../src/reconcile/drift-news.js';
import { conferenceRecord } from '../arbitrary/record.js';
import {
  applied,
  conf,
  conferencePlace,
  declare,
  desiredOf,
  inDoubt,
  inputOf,
  recordOf,
  recordsOf,
  rules,
} from '../plan/sides.js';

const sightingOf = (drift: Drift, healedAtMs: readonly number[] = []): O.Option<Sighting> =>
  O.some({ atMs: 9, audience: O.none, drift, healedAtMs });
const mute: Drift = { mute: { live: O.some(false), sinceMs: 7 } };
const recordWith = (drift: Drift, more: Partial<ConferenceRecord> = {}): ConferenceRecord =>
  recordOf({ mute: applied(true), tag: applied('a') }, { sighting: sightingOf(drift), ...more });
const declared = declare({ mute: true });
const tagsOf = ({ events }: ReturnType<typeof driftNews>): readonly string[] =>
  events.map(({ _tag }) => _tag);

describe('drift', () => {
  it('is told for each setting, with what was applied, what is live and since when', () => {
    const drift: Drift = { ...mute, tag: { live: O.none, sinceMs: 8 } };
    const news = driftNews(nothingTold, declared, recordWith(drift), false);
    expect(news.events).toStrictEqual([
      {
        _tag: 'Drifted',
        conference: conf,
        drifted: {
          setting: 'mute',
          declared: O.some(true),
          applied: true,
          live: O.some(false),
          sinceMs: 7,
          at: declared.settings.mute?.at,
        },
      },
      {
        _tag: 'Drifted',
        conference: conf,
        drifted: {
          setting: 'tag',
          declared: O.none,
          applied: 'a',
          live: O.none,
          sinceMs: 8,
          at: conferencePlace,
        },
      },
    ]);
    expect(news.told).toStrictEqual({ drifted: ['mute', 'tag'], contested: false });
  });

  it.each<[string, Told, ConferenceRecord, readonly string[]]>([
    ['told before', { drifted: ['mute'], contested: false }, recordWith(mute), []],
    [
      'another setting as well',
      { drifted: ['tag'], contested: false },
      recordWith(mute),
      ['Drifted', 'DriftOver'],
    ],
    ['over', { drifted: ['mute'], contested: false }, recordWith({}), ['DriftOver']],
    ['in doubt by now', nothingTold, recordWith(mute, { settings: { mute: inDoubt(true, true) } }), []],
    ['nobody looked', nothingTold, recordWith({}, { sighting: O.none }), []],
    [
      'ended',
      nothingTold,
      recordWith(mute, { settings: { mute: applied(true), state: applied('completed') } }),
      [],
    ],
  ])('%s', (_what, told, record, expected) => {
    expect(tagsOf(driftNews(told, declared, record, false))).toStrictEqual(expected);
  });

  it('of what is left alone or about to end is not told', () => {
    for (const other of [
      declare({ mute: true }, { suspend: true }),
      declare({ mute: true, state: 'completed' }),
    ])
      expect(driftNews(nothingTold, other, recordWith(mute), true).events).toStrictEqual([]);
  });

  test.prop([conferenceRecord, fc.boolean()])('is told once', (record, heal) => {
    const one = declare({ mute: true, tag: 'a' }, {}, record.id);
    const { told } = driftNews(nothingTold, one, record, heal);
    expect(driftNews(told, one, record, heal)).toStrictEqual({ events: [], told });
  });
});

describe('what somebody else sets as often', () => {
  const flipped = recordWith(mute, { sighting: sightingOf(mute, [1, 2, 3]) });

  it('is told once, and is an alert, where drift is healed', () => {
    const news = driftNews({ drifted: ['mute'], contested: false }, declared, flipped, true);
    expect(tagsOf(news)).toStrictEqual(['Contested']);
    expect(driftNews(news.told, declared, flipped, true).events).toStrictEqual([]);
    const input = inputOf({ desired: desiredOf(declared), records: recordsOf(flipped) });
    expect(contestedIn({ ...input, rules: { ...rules, heal: true } })).toMatchObject([
      { conference: conf, at: conferencePlace, drifted: [{ setting: 'mute', applied: true }] },
    ]);
    expect(contestedIn(input)).toStrictEqual([]);
  });

  it('is no contest where nothing would be set again', () => {
    expect(tagsOf(driftNews(nothingTold, declared, flipped, false))).toStrictEqual(['Drifted']);
    const other = declare({ tag: 'a' });
    expect(tagsOf(driftNews(nothingTold, other, flipped, true))).toStrictEqual(['Drifted']);
  });
});
