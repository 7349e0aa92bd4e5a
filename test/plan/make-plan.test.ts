import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { makePlan, secondsFor } from '../../src/plan/make-plan.js';
import type { Rate } from '../../src/ledger/store.js';
import { planInput } from './inputs.js';
import {
  applied,
  conf,
  conference,
  conferencePlace,
  declare,
  desiredOf,
  ended,
  inDoubt,
  inputOf,
  live,
  recordOf,
  recordsOf,
  rules,
} from './sides.js';

const ids = Object.fromEntries(
  ['b-heard', 'a-quiet', 'c-ends', 'd-blocked', 'a-same', 'e-left', 'f-gone', 'g-doubt', 'h-empty'].map(
    (name) => [name, conference(name)],
  ),
);
const id = (name: string) => ids[name] ?? conference(name);

const everyKind = inputOf({
  desired: desiredOf(
    declare({ tag: 't' }, {}, id('a-quiet')),
    declare({ mute: true }, {}, id('b-heard')),
    declare({ state: 'completed' }, {}, id('c-ends')),
    declare({ mute: true }, {}, id('d-blocked')),
    declare({ tag: 't' }, {}, id('a-same')),
    declare({ tag: 't' }, { suspend: true }, id('e-left')),
    declare({}, {}, id('g-doubt')),
    declare({ state: 'completed' }, { whenEmpty: true }, id('h-empty')),
  ),
  records: recordsOf(
    recordOf({ tag: applied('t') }, {}, id('a-same')),
    recordOf(ended, {}, id('d-blocked')),
    recordOf({}, {}, id('f-gone')),
    recordOf({ state: inDoubt('completed') }, {}, id('g-doubt')),
    recordOf({ mute: applied(true) }, { presence: 'released', protected: true }, id('z-forgotten')),
  ),
});

describe('a plan', () => {
  it('lists every conference once: by lane, then by id, then what costs no update', () => {
    expect(
      makePlan(everyKind).changes.map(({ _tag, conference: found }) => `${_tag} ${found}`),
    ).toStrictEqual([
      'Update b-heard',
      'Complete c-ends',
      'Complete h-empty',
      'Update a-quiet',
      'None a-same',
      'Blocked d-blocked',
      'Suspended e-left',
      'Release f-gone',
      'None g-doubt',
    ]);
  });

  it('sums itself up; waiting for the last member and deciding a doubt take a GET more', () => {
    expect(makePlan(everyKind).summary).toStrictEqual({
      update: 2,
      complete: 2,
      release: 1,
      none: 2,
      blocked: 1,
      suspended: 1,
      calls: 2 + 1 + 2 + 1,
      seconds: 6,
    });
  });

  it.each<readonly [Rate, number]>([
    [1, 6],
    [4, 2],
    [5, 2],
    [6, 1],
    [100, 1],
    [0.5, 12],
    ['unlimited', 0],
  ])('at %s calls a second takes %i s', (rate, seconds) => {
    expect(makePlan({ ...everyKind, rules: { ...rules, rate } }).summary.seconds).toBe(seconds);
  });

  it.each<readonly [number, Rate, number]>([
    [21, 0.7, 30],
    [22, 0.7, 32],
    [1, 3, 1],
    [0, 0.7, 0],
    [1_000, 1, 1_000],
  ])('%i calls at %s a second take %i s, whatever floating point says', (calls, rate, seconds) => {
    expect(secondsFor(calls, rate)).toBe(seconds);
  });

  it('of nothing is empty', () => {
    const none = {
      update: 0,
      complete: 0,
      release: 0,
      none: 0,
      blocked: 0,
      suspended: 0,
      calls: 0,
      seconds: 0,
    };
    expect(makePlan(inputOf({}))).toStrictEqual({
      revision: 'dir:now',
      commit: O.none,
      changes: [],
      notes: [],
      refused: [],
      summary: none,
    });
  });
});

describe('notes', () => {
  const notesFor = (declared: ReturnType<typeof declare>, record: ReturnType<typeof recordOf>) =>
    makePlan(inputOf({ desired: desiredOf(declared), records: recordsOf(record) })).notes;

  it('say what stays, with its value and its doubt, and never a password', () => {
    const record = recordOf({
      callbackUrl: applied('https://u:secret@a.example.com/'),
      fallbackUrl: inDoubt('https://a.example.com/f'),
      tag: applied('t'),
      callbackTimeout: applied(2000),
    });
    const notes = notesFor(declare({}), record);
    expect(notes.map(({ message }) => message.split(':', 1)[0])).toStrictEqual([
      'callbackUrl is not declared any more but stays "https',
      'fallbackUrl is not declared any more but stays "https',
      'tag is not declared any more but stays "t"',
    ]);
    expect(notes.map(({ message }) => message.includes('(in doubt)'))).toStrictEqual([false, true, false]);
    expect(notes.map(({ at }) => at)).toStrictEqual(Array(3).fill(O.some(conferencePlace)));
    expect(JSON.stringify(notes)).not.toContain('secret');
  });

  it('say what somebody changed that nobody declares any more', () => {
    const input = inputOf({
      desired: desiredOf(declare({ hold: true })),
      records: recordsOf(
        recordOf({
          hold: applied(true),
          mute: applied(false),
          callbackHttpMethod: applied('GET'),
          callbackUrl: applied('https://u:secret@a.example.com/'),
          tag: applied('t'),
        }),
      ),
    });
    const seen = live({ mute: true, callbackUrl: 'https://u:secret2@b.example.com/' });
    const notes = makePlan({ ...input, live: new Map([[conf, seen]]) }).notes.map(({ message }) => message);
    expect(notes.filter((message) => message.includes('changed elsewhere'))).toStrictEqual([
      'mute is not declared and was changed elsewhere: applied false, live true; it is left alone',
      'callbackUrl is not declared and was changed elsewhere: applied "https://u:***@a.example.com/", live "https://u:***@b.example.com/"; it is left alone',
      'tag is not declared and was changed elsewhere: applied "t", live not set; it is left alone',
    ]);
    const over = { ...seen, state: 'completed' as const };
    const atTheEnd = makePlan({ ...input, live: new Map([[conf, over]]) }).notes;
    expect(JSON.stringify(atTheEnd)).not.toContain('changed elsewhere');
  });

  it.each([
    ['what is declared', declare({ tag: 't' }), recordOf({ tag: applied('t') })],
    ['what is not ours', declare({ tag: null }), recordOf({ tag: applied('t') })],
    ['what returns to its default', declare({}), recordOf({ mute: applied(true) })],
    ['a suspended conference', declare({}, { suspend: true }), recordOf({ tag: applied('t') })],
    [
      'a doubt about the end that is declared',
      declare({ state: 'completed' }),
      recordOf({ state: inDoubt('completed') }),
    ],
  ])('say nothing of %s', (_, declared, record) => {
    expect(notesFor(declared, record)).toStrictEqual([]);
  });

  it('say that the end is in doubt once it was withdrawn', () => {
    expect(notesFor(declare({}), recordOf({ state: inDoubt('completed') }))).toHaveLength(1);
  });
});

describe('for every input', () => {
  test.prop([planInput])('there is a plan: the same one for the same input, byte by byte', (input) => {
    expect(JSON.stringify(makePlan(input))).toBe(JSON.stringify(makePlan(input)));
  });

  test.prop([planInput, fc.infiniteStream(fc.nat())])(
    'it does not depend on the order of its maps',
    (input, order) => {
      const shuffled = <K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> => {
        const keys = [...order.take(map.size)];
        return new Map(
          [...map]
            .map((entry, index) => ({ entry, key: keys[index] ?? 0 }))
            .sort((left, right) => left.key - right.key)
            .map(({ entry }) => entry),
        );
      };
      const { desired, records, live } = input;
      const other = {
        ...input,
        desired: shuffled(desired),
        records: shuffled(records),
        live: shuffled(live),
      };
      expect(JSON.stringify(makePlan(other))).toBe(JSON.stringify(makePlan(input)));
    },
  );

  test.prop([planInput])('each conference of desired and ledger has one change, in order', (input) => {
    const { changes, summary } = makePlan(input);
    const known = [...input.records.values()]
      .filter(({ presence }) => presence !== 'released')
      .map(({ id: found }) => found);
    expect(changes.map(({ conference: found }) => found).sort()).toStrictEqual(
      [...new Set([...input.desired.keys(), ...known])].sort(),
    );
    const keys = changes.map((change) => ('lane' in change ? change.lane : 3) + change.conference);
    expect(keys).toStrictEqual([...keys].sort());
    const { update, complete, release, none, blocked, suspended } = summary;
    expect(update + complete + release + none + blocked + suspended).toBe(changes.length);
  });

  test.prop([planInput])('nothing counts as removed while removals wait', (input) => {
    const plan = makePlan({ ...input, rules: { ...input.rules, removals: 'wait' } });
    const removed = plan.changes.filter(
      (change) =>
        change._tag === 'Release' ||
        ('settings' in change && change.settings.some(({ why }) => why === 'removed')),
    );
    expect(removed).toStrictEqual([]);
  });

  test.prop([planInput])('no conference counts as removed while only settings do', (input) => {
    const plan = makePlan({ ...input, rules: { ...input.rules, removals: 'settings' } });
    const undeclared = plan.changes.filter(({ conference: found }) => !input.desired.has(found));
    expect(undeclared.filter(({ _tag }) => _tag !== 'None')).toStrictEqual([]);
    const counted = makePlan({ ...input, rules: { ...input.rules, removals: 'count' } });
    const declared = ({ conference: found }: (typeof plan.changes)[number]) => input.desired.has(found);
    expect(plan.changes.filter(declared)).toStrictEqual(counted.changes.filter(declared));
  });
});
