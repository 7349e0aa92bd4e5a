import { test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { restorePlan, SavedPlan, toSavedPlan } from '../../src/plan/saved-plan.js';
import { planInput } from './inputs.js';
import { begin, finished, foldEntries, intended, sendableIn } from './model.js';
import { applied, conference, declare, desiredOf, inputOf, recordOf, recordsOf } from './sides.js';

const throughFile = (input: PlanInput): SavedPlan => {
  const decoded = SavedPlan.decode(JSON.parse(JSON.stringify(SavedPlan.encode(toSavedPlan(input, 'u-1')))));
  if (E.isLeft(decoded)) throw new Error('it cannot be read back');
  return decoded.right;
};

const actions = ['Update', 'Complete', 'Release'];

// A saved plan is only made from declarations that all count.
const counted = planInput.map(
  (input): PlanInput => ({ ...input, rules: { ...input.rules, removals: 'count' } }),
);

test.prop([counted])('a plan comes back from its file as it was', (input) => {
  const { rate } = input.rules;
  const restored = restorePlan(throughFile(input), { records: input.records, rate });
  const plan = makePlan(input);
  const changes = plan.changes.filter(({ _tag }) => actions.includes(_tag));
  expect(restored.stale).toStrictEqual([]);
  expect(restored.plan.revision).toBe(plan.revision);
  expect(restored.plan.changes.filter(({ _tag }) => actions.includes(_tag))).toStrictEqual(changes);
  expect(restored.input).toStrictEqual(input);
});

// What was seen live is no knowledge of the ledger, so it does not turn stale with it.
test.prop([counted.map((input): PlanInput => ({ ...input, live: new Map() }))])(
  'a plan that was run cannot be run again',
  (input) => {
    const { plan, records } = begin(input);
    const run = foldEntries(
      records,
      sendableIn(plan).flatMap((change) => [intended(change), finished(change, 'Applied')]),
    );
    const restored = restorePlan(throughFile(input), { records: run, rate: 1 });
    expect(sendableIn(restored.plan)).toStrictEqual([]);
  },
);

describe('a ledger that has changed since', () => {
  const [a, b, c] = [conference('a'), conference('b'), conference('c')];
  const input = inputOf({
    desired: desiredOf(declare({ tag: 't' }, {}, a), declare({ mute: true }, {}, b)),
    records: recordsOf(recordOf({ tag: applied('s') }, {}, a), recordOf({}, {}, b), recordOf({}, {}, c)),
  });
  const withRecord = (record: ReturnType<typeof recordOf>) =>
    new Map([...input.records, [record.id, record] as const]);
  const without = (gone: typeof a) => new Map([...input.records].filter(([found]) => found !== gone));

  it.each<readonly [string, PlanInput['records'], readonly string[]]>([
    ['not at all', input.records, []],
    [
      'in what does not matter',
      withRecord(recordOf({ tag: applied('s'), hold: applied(false) }, { protected: true }, a)),
      [],
    ],
    ['applied by somebody else', withRecord(recordOf({ tag: applied('t') }, {}, a)), ['a']],
    ['another value before', withRecord(recordOf({ tag: applied('r') }, {}, a)), ['a']],
    ['more to do now', withRecord(recordOf({ hold: applied(true) }, {}, b)), ['b']],
    ['released by somebody else', without(c), ['c']],
  ])('%s', (_, records, stale) => {
    const restored = restorePlan(throughFile(input), { records, rate: 1 });
    expect(restored.stale).toStrictEqual(stale);
    const kept = ['a', 'b', 'c'].filter((name) => !stale.includes(name)).sort();
    expect(restored.plan.changes.map(({ conference: found }) => found).sort()).toStrictEqual(kept);
    expect(restored.plan.summary.calls).toBe(kept.filter((name) => name !== 'c').length);
    expect([...restored.input.desired.keys()]).toStrictEqual(
      ['a', 'b'].filter((name) => kept.includes(name)),
    );
  });

  it.each([
    ['another kind', { kind: 'another plan' }],
    ['a later format', { formatVersion: 2 }],
    ['no id', { declared: [{ ...toSavedPlan(input, '').declared[0], id: '../x' }] }],
    ['no changes', { changes: undefined }],
  ])('%s is no saved plan', (_, broken) => {
    expect(E.isLeft(SavedPlan.decode({ ...toSavedPlan(input, ''), ...broken }))).toBe(true);
  });
});
