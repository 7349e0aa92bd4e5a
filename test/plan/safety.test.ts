/** What the safety checks refuse. They look at the plan; whoever runs it obeys. */
import { test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { ConferenceId } from '../../src/conference/id.js';
import type { Declared } from '../../src/desired/desired.js';
import { bookkeeping } from '../../src/plan/bookkeeping.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { planInput } from './inputs.js';
import { foldEntries } from './model.js';
import {
  applied,
  conference,
  conferencePlace,
  declare,
  desiredOf,
  ended,
  formerPlace,
  inputOf,
  recordOf,
  recordsOf,
  rules,
} from './sides.js';

const numbered = (count: number, from = 0): readonly ConferenceId[] =>
  Array.from({ length: count }, (_, index) => conference(`conf-${String(from + index)}`));

const refusedIn = (input: Partial<PlanInput>) =>
  makePlan(inputOf(input)).refused.map(({ rule, conference: found }) => `${rule} ${found}`);

/** `completing` are declared completed, the rest is declared and left alone. */
const completing = (count: number, known: number): PlanInput['desired'] =>
  desiredOf(
    ...numbered(known).map((id, index) => declare(index < count ? { state: 'completed' } : {}, {}, id)),
  );

describe('an event that says a conference has ended', () => {
  const reported = { endReportedAtMs: O.some(5) };

  it('takes no protected one past the check', () => {
    const [id = conference('conf-0')] = numbered(1);
    const input = {
      desired: desiredOf(declare({ state: 'completed' }, {}, id)),
      records: recordsOf(recordOf({}, { ...reported, protected: true }, id)),
    };
    expect(refusedIn(input)).toStrictEqual([`protected ${id}`]);
  });

  it('makes no room for others to be completed', () => {
    const ids = numbered(6);
    const input = {
      desired: desiredOf(...ids.map((id) => declare({ state: 'completed' }, {}, id))),
      records: recordsOf(...ids.map((id, index) => recordOf({}, index < 3 ? reported : {}, id))),
    };
    expect(refusedIn(input)).toHaveLength(6);
  });
});

describe('completing many at once', () => {
  const withMax = (maxComplete: number) => ({ ...rules, maxComplete });

  it.each([
    [5, 5, 100, 0, 'as many as allowed'],
    [5, 6, 100, 6, 'one more'],
    [0, 1, 100, 1, 'none is allowed'],
    [1, 1, 1, 0, 'all that are known, when these are few'],
    [9, 9, 9, 0, 'the share does not count at 9 known'],
    [9, 3, 10, 0, '3 of 10 are 30 %'],
    [9, 4, 10, 4, '4 of 10 are more'],
    [9, 3, 11, 0, '3 of 11 are less'],
    [9, 4, 11, 4, '4 of 11 are more'],
    [1000, 30, 100, 0, 'whatever the flag says: 30 of 100'],
    [1000, 31, 100, 31, 'whatever the flag says: 31 of 100'],
  ])('--max-complete %i, %i of %i known: %i refused (%s)', (maxComplete, count, known, refused) => {
    const found = makePlan(
      inputOf({ desired: completing(count, known), rules: withMax(maxComplete) }),
    ).refused;
    const rule = count > maxComplete ? 'max-complete' : 'max-complete-share';
    expect(found.map((one) => one.rule)).toStrictEqual(Array(refused).fill(rule));
  });

  it('known are ledger and desired together, each once, and what was let go not at all', () => {
    const desired = completing(4, 7);
    const known = numbered(8, 6).map((id) => recordOf({}, {}, id));
    const gone = numbered(8, 6).map((id) => recordOf({}, { presence: 'released', protected: true }, id));
    const input = { desired, rules: withMax(9) };
    expect(refusedIn({ ...input, records: recordsOf(...known.slice(0, 3)) })).toStrictEqual([]);
    expect(refusedIn({ ...input, records: recordsOf(...known.slice(0, 4)) })).toHaveLength(4);
    expect(refusedIn({ ...input, records: recordsOf(...known) })).toStrictEqual([]);
    expect(refusedIn({ ...input, records: recordsOf(...gone) })).toStrictEqual([]);
  });

  it('counts only what is still to be completed', () => {
    const records = recordsOf(...numbered(6).map((id) => recordOf(ended, {}, id)));
    expect(refusedIn({ desired: completing(6, 6), records })).toStrictEqual([]);
  });

  it('counts removals that complete', () => {
    const removed = numbered(3).map((id) => recordOf({}, {}, id));
    const input = { desired: desiredOf(declare({}, {}, removed[0]?.id)), records: recordsOf(...removed) };
    const strict = { ...rules, maxComplete: 1 };
    expect(refusedIn({ ...input, rules: { ...strict, onRemove: 'complete' } })).toStrictEqual([
      'max-complete conf-1',
      'max-complete conf-2',
    ]);
    expect(refusedIn({ ...input, rules: { ...strict, onRemove: 'reset' } })).toStrictEqual([]);
  });

  it('says how many, and where each is declared', () => {
    const [first] = makePlan(inputOf({ desired: completing(6, 20) })).refused;
    expect(first).toMatchObject({ conference: 'conf-0', at: O.some(conferencePlace) });
    expect(first?.message).toContain('6 conferences');
    expect(first?.message).toContain('--max-complete');
  });
});

describe('protection', () => {
  const conf = conference('conf-1');
  const words = (protect: boolean | undefined) => ({ protect: O.fromNullable(protect) });
  const completed = (protect?: boolean): PlanInput['desired'] =>
    desiredOf(declare({ state: 'completed' }, words(protect)));

  it.each<readonly [string, boolean | undefined, boolean | 'unknown', boolean]>([
    ['never protected', undefined, 'unknown', false],
    ['declared', true, 'unknown', true],
    ['declared, the ledger says no', true, false, true],
    ['the word was deleted, the ledger remembers', undefined, true, true],
    ['lifted beside state: completed', false, true, false],
    ['lifted, never protected', false, 'unknown', false],
  ])('%s', (_, word, known, refused) => {
    const records = known === 'unknown' ? recordsOf() : recordsOf(recordOf({}, { protected: known }));
    expect(refusedIn({ desired: completed(word), records })).toStrictEqual(
      refused ? ['protected conf-1'] : [],
    );
  });

  it('says nothing of what does not complete', () => {
    const records = recordsOf(recordOf({ mute: applied(true) }, { protected: true }));
    const other = desiredOf(declare({}, {}, conference('conf-2')));
    const known = recordOf({}, {}, conference('conf-2'));
    expect(refusedIn({ desired: desiredOf(declare({ mute: false }, words(true))), records })).toStrictEqual(
      [],
    );
    expect(refusedIn({ desired: other, records: recordsOf(...records.values(), known) })).toStrictEqual([]);
  });

  it('holds against --on-remove complete', () => {
    const kept = conference('conf-2');
    const records = recordsOf(recordOf({}, { protected: true }), recordOf({}, {}, kept));
    const input = { desired: desiredOf(declare({}, {}, kept)), records };
    expect(refusedIn({ ...input, rules: { ...rules, onRemove: 'complete' } })).toStrictEqual([
      'protected conf-1',
    ]);
  });

  /** Plans and does what costs no call, as every apply begins. */
  const settle = (records: PlanInput['records'], desired: PlanInput['desired']): PlanInput['records'] => {
    const input = inputOf({ records, desired });
    return foldEntries(records, bookkeeping(makePlan(input), input, new Set(), 0));
  };

  it('outlives the word, the conference and its return, until protect: false', () => {
    let records: PlanInput['records'] = recordsOf();
    records = settle(records, desiredOf(declare({}, words(true))));
    expect(records.get(conf)?.protected).toBe(true);
    records = settle(records, desiredOf(declare({})));
    expect(refusedIn({ desired: completed(), records })).toStrictEqual(['protected conf-1']);
    records = settle(records, desiredOf());
    expect(records.get(conf)).toMatchObject({
      presence: 'released',
      protected: true,
      declared: O.none,
      settings: {},
    });
    expect(makePlan(inputOf({ records })).changes).toStrictEqual([]);
    expect(refusedIn({ desired: completed(), records })).toStrictEqual(['protected conf-1']);
    records = settle(records, desiredOf(declare({})));
    expect(records.get(conf)).toMatchObject({ presence: 'declared', protected: true });
    expect(refusedIn({ desired: completed(), records })).toStrictEqual(['protected conf-1']);
    expect(refusedIn({ desired: completed(false), records })).toStrictEqual([]);
    records = settle(records, desiredOf(declare({}, words(false))));
    expect(refusedIn({ desired: completed(), records })).toStrictEqual([]);
    expect(settle(records, desiredOf())).toStrictEqual(new Map());
  });
});

describe('removing everything', () => {
  const known = recordsOf(recordOf({ mute: applied(true) }), recordOf({}, {}, conference('conf-2')));
  const stranger = declare({ mute: true }, {}, conference('conf-3'));

  it.each<readonly [string, readonly Declared[], PlanInput['records'], readonly string[]]>([
    ['nothing is declared', [], known, ['everything-removed conf-1', 'everything-removed conf-2']],
    [
      'only something new is declared',
      [stranger],
      known,
      ['everything-removed conf-1', 'everything-removed conf-2'],
    ],
    ['something is left', [declare({})], known, []],
    ['the last one', [], recordsOf(recordOf({})), ['everything-removed conf-1']],
    ['the last one, ended', [], recordsOf(recordOf(ended)), ['everything-removed conf-1']],
    ['the ledger is empty', [stranger], recordsOf(), []],
    [
      'only protection is remembered',
      [stranger],
      recordsOf(recordOf({}, { presence: 'released', protected: true })),
      [],
    ],
  ])('%s', (_, desired, records, expected) => {
    expect(refusedIn({ desired: desiredOf(...desired), records })).toStrictEqual(expected);
  });

  it.each(['release', 'reset', 'complete'] as const)(
    '--on-remove %s: all of them, once, where they stood',
    (onRemove) => {
      const { refused } = makePlan(
        inputOf({ records: known, rules: { ...rules, onRemove, maxComplete: 0 } }),
      );
      expect(refused.map(({ rule, conference: found }) => `${rule} ${found}`).sort()).toStrictEqual([
        'everything-removed conf-1',
        'everything-removed conf-2',
      ]);
      expect(refused.map(({ at }) => at)).toStrictEqual([O.some(formerPlace), O.some(formerPlace)]);
    },
  );

  it('is no removal while removals wait', () => {
    expect(refusedIn({ records: known, rules: { ...rules, removals: 'wait' } })).toStrictEqual([]);
  });

  it('the protected one is refused for its protection', () => {
    const records = recordsOf(recordOf({}, { protected: true }));
    const strict = { ...rules, onRemove: 'complete', maxComplete: 0 } as const;
    expect(refusedIn({ records, rules: strict })).toStrictEqual(['protected conf-1']);
  });
});

test.prop([planInput])('one refusal a conference, of a change of the plan, in its order', (input) => {
  const { changes, refused } = makePlan(input);
  const names = refused.map(({ conference: found }) => found);
  const offending = new Set(names);
  expect(offending.size).toBe(names.length);
  expect(changes.map(({ conference: found }) => found).filter((found) => offending.has(found))).toStrictEqual(
    names,
  );
});

test.prop([planInput])('what is not refused completes nobody who is protected, and not too many', (input) => {
  const { changes, refused } = makePlan(input);
  const offending = new Set(refused.map(({ conference: found }) => found));
  const allowed = changes.filter((change) => change._tag === 'Complete' && !offending.has(change.conference));
  expect(allowed.length).toBeLessThanOrEqual(input.rules.maxComplete);
  for (const { conference: found } of allowed) {
    const word = input.desired.get(found)?.protect ?? O.none;
    expect(O.isSome(word) ? word.value : (input.records.get(found)?.protected ?? false)).toBe(false);
  }
});
