import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/ledger/entry.js';
import { fingerprint } from '../../src/ledger/record.js';
import { bookkeeping, declarationOf, snapshotOf } from '../../src/plan/bookkeeping.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import {
  applied,
  conf,
  conference,
  conferencePlace,
  declare,
  desiredOf,
  inputOf,
  recordOf,
  recordsOf,
  rules,
  type Values,
  type Words,
} from './sides.js';

const entriesOf = (parts: Partial<PlanInput>, except: readonly (typeof conf)[] = []): readonly Entry[] => {
  const input = inputOf(parts);
  return bookkeeping(makePlan(input), input, new Set(except), 7);
};
const others = (entries: readonly Entry[]) => entries.filter(({ _tag }) => _tag !== 'Declared');

describe('what a plan changes without a call', () => {
  it.each<readonly [string, Values, Words, readonly Entry[]]>([
    ['nothing', { mute: true }, {}, []],
    [
      'protect: true',
      {},
      { protect: O.some(true) },
      [{ _tag: 'Protected', conference: conf, protected: true }],
    ],
    [
      'protect: false',
      {},
      { protect: O.some(false) },
      [{ _tag: 'Protected', conference: conf, protected: false }],
    ],
    [
      'null',
      { tag: null, mute: null, hold: true },
      {},
      [{ _tag: 'Forgotten', conference: conf, settings: ['mute', 'tag'] }],
    ],
    ['null, suspended', { tag: null }, { suspend: true }, []],
  ])('%s', (_, values, words, expected) => {
    const entries = entriesOf({
      desired: desiredOf(declare(values, words)),
      records: recordsOf(recordOf({})),
    });
    expect(entries[0]).toMatchObject({ _tag: 'Declared', conference: conf });
    expect(others(entries)).toStrictEqual(expected);
  });

  it('a conference that the ledger does not know has nothing to forget', () => {
    expect(others(entriesOf({ desired: desiredOf(declare({ tag: null })) }))).toStrictEqual([]);
  });

  it('what was removed is released, unless that is refused', () => {
    const two = conference('conf-2');
    const records = recordsOf(recordOf({ tag: applied('t') }), recordOf({}, {}, two));
    const removed: readonly Entry[] = [
      { _tag: 'Removed', conference: conf, atMs: 7 },
      { _tag: 'Removed', conference: two, atMs: 7 },
    ];
    expect(entriesOf({ records })).toStrictEqual([
      ...removed,
      { _tag: 'Released', conference: conf },
      { _tag: 'Released', conference: two },
    ]);
    expect(entriesOf({ records }, [conf])).toStrictEqual([...removed, { _tag: 'Released', conference: two }]);
  });

  it('what was removed and needs a call first is removed, not released', () => {
    const records = recordsOf(recordOf({ mute: applied(true) }));
    expect(entriesOf({ records, rules: { ...rules, onRemove: 'reset' } })).toStrictEqual([
      { _tag: 'Removed', conference: conf, atMs: 7 },
    ]);
  });

  it.each(['settings', 'wait'] as const)('what is out of sight is not removed: %s', (removals) => {
    const records = recordsOf(recordOf({ mute: applied(true) }));
    expect(entriesOf({ records, rules: { ...rules, removals } })).toStrictEqual([]);
  });

  it('what was let go already is not removed again', () => {
    const records = recordsOf(recordOf({}, { presence: 'released', protected: true }));
    expect(entriesOf({ records })).toStrictEqual([]);
  });
});

describe('the snapshot', () => {
  const open = 'https://user:secret@a.example.com/';
  const taken = snapshotOf(declare({ callbackUrl: open, tag: null, mute: true }, { name: O.some('N') }), {
    revision: 'git:1',
    commit: O.none,
  });

  it('is sealed, without what is not ours', () => {
    expect(taken).toMatchObject({
      at: conferencePlace,
      name: O.some('N'),
      suspend: false,
      whenEmpty: false,
      revision: 'git:1',
    });
    expect(Object.keys(taken.settings)).toStrictEqual(['mute', 'callbackUrl']);
    expect(JSON.stringify(taken)).not.toContain('secret');
  });

  it('has a fingerprint of what is declared, not of where and when', () => {
    const moved = { ...taken, at: { ...taken.at, line: 99 }, revision: 'git:2', name: O.none };
    expect(fingerprint(moved)).toBe(fingerprint(taken));
    const differing = [{ settings: { mute: false } }, { suspend: true }, { whenEmpty: true }];
    for (const other of differing) expect(fingerprint({ ...taken, ...other })).not.toBe(fingerprint(taken));
  });

  it('tells a declaration as the ledger tells it, and what is not declared from every one', () => {
    const declared = declare({ callbackUrl: open, mute: true });
    expect(declarationOf(O.some(declared))).toBe(
      fingerprint(snapshotOf(declared, { revision: 'git:9', commit: O.none })),
    );
    expect(declarationOf(O.some(declared))).not.toContain('secret');
    expect(declarationOf(O.none)).not.toBe(declarationOf(O.some(declare({}))));
  });
});
