import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { guardOf } from '../../src/plan/guard.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { restorePlan, SavedPlan, toSavedPlan } from '../../src/plan/saved-plan.js';
import { planInput } from './inputs.js';
import { begin, finished, foldEntries, intended, sendableIn } from './model.js';
import { applied, conference, declare, desiredOf, ended, inputOf, recordOf, recordsOf } from './sides.js';
import { someTrouble } from '../ledger/trouble.js';

const throughFile = (input: PlanInput): SavedPlan => {
  const decoded = SavedPlan.decode(
    JSON.parse(JSON.stringify(SavedPlan.encode(toSavedPlan(input, 'desired', 'u-1')))),
  );
  if (E.isLeft(decoded)) throw new Error('it cannot be read back');
  return decoded.right;
};

// A saved plan is only made from declarations that all count.
const counted = planInput.map(
  (input): PlanInput => ({ ...input, rules: { ...input.rules, removals: 'count', heal: false } }),
);

test.prop([counted])('a plan comes back from its file as it was', (input) => {
  const { rate, maxAudience } = input.rules;
  const restored = restorePlan(throughFile(input), { records: input.records, rate, maxAudience });
  const plan = makePlan(input);
  expect(restored.stale).toStrictEqual([]);
  expect(restored.plan).toStrictEqual(plan);
  expect(restored.input).toStrictEqual(input);
});

// Whatever was seen live, and however the calls ended.
const outcome = fc.constantFrom('Applied', 'NotExecuted', 'InDoubt', 'Ended');
// What an event says has ended is not sent, and a refusal of it stays one.
const unreported = counted.map(
  (input): PlanInput => ({
    ...input,
    records: new Map([...input.records].map(([id, record]) => [id, { ...record, endReportedAtMs: O.none }])),
  }),
);
test.prop([unreported, fc.array(outcome)])('a plan that was run cannot be run again', (input, outcomes) => {
  const { plan, records } = begin(input);
  const run = foldEntries(
    records,
    sendableIn(plan).flatMap((change, index) => [
      intended(change),
      finished(change, outcomes[index] ?? 'Applied'),
    ]),
  );
  const restored = restorePlan(throughFile(input), { records: run, rate: 1, maxAudience: O.none });
  expect(sendableIn(restored.plan)).toStrictEqual([]);
  expect(restored.plan.refused).toStrictEqual([]);
});

it('is run with the limit of whoever runs it, and knows the one it was made with', () => {
  const { rules } = inputOf({});
  const input = inputOf({
    desired: desiredOf(declare({ hold: true })),
    rules: { ...rules, maxAudience: O.some(5) },
  });
  const saved = throughFile(input);
  expect(saved.maxAudience).toBe(5);
  expect(throughFile({ ...input, rules }).maxAudience).toBeUndefined();
  const guards = [O.none, O.some(7)].map((maxAudience) => {
    const restored = restorePlan(saved, { records: new Map(), rate: 1, maxAudience });
    expect([restored.stale, restored.input.rules.maxAudience]).toStrictEqual([[], maxAudience]);
    return restored.plan.changes.map(guardOf);
  });
  expect(guards).toStrictEqual([[{ _tag: 'Free' }], [{ _tag: 'AtMost', audience: 7 }]]);
});

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
    ['in what failed', withRecord(recordOf({ tag: applied('s') }, { trouble: someTrouble }, a)), []],
    ['in what is protected', withRecord(recordOf({ tag: applied('s') }, { protected: true }, a)), ['a']],
    ['by one that was not known', withRecord(recordOf({ mute: applied(true) }, {}, conference('later'))), []],
    ['applied by somebody else', withRecord(recordOf({ tag: applied('t') }, {}, a)), ['a']],
    ['another value before', withRecord(recordOf({ tag: applied('r') }, {}, a)), ['a']],
    ['more to do now', withRecord(recordOf({ hold: applied(true) }, {}, b)), ['b']],
    ['released by somebody else', without(c), ['c']],
  ])('%s', (_, records, stale) => {
    const restored = restorePlan(throughFile(input), { records, rate: 1, maxAudience: O.none });
    expect(restored.stale).toStrictEqual(stale);
    const kept = ['a', 'b', 'c'].filter((name) => !stale.includes(name)).sort();
    expect(restored.plan.changes.map(({ conference: found }) => found).sort()).toStrictEqual(kept);
    expect(restored.plan.summary.calls).toBe(kept.filter((name) => name !== 'c').length);
    expect([...restored.input.desired.keys()]).toStrictEqual(
      ['a', 'b'].filter((name) => kept.includes(name)),
    );
  });

  describe('in what needed no call', () => {
    const [same, over, left] = [conference('same'), conference('over'), conference('left')];
    const idle = inputOf({
      desired: desiredOf(
        declare({ tag: 't' }, {}, same),
        declare({ tag: 't' }, {}, over),
        declare({}, { suspend: true }, left),
      ),
      records: recordsOf(
        recordOf({ tag: applied('t') }, {}, same),
        recordOf({ tag: applied('s'), ...ended }, {}, over),
        recordOf({}, {}, left),
      ),
    });
    const kept = (records: PlanInput['records']) => {
      const restored = restorePlan(throughFile(idle), { records, rate: 1, maxAudience: O.none });
      return {
        changes: restored.plan.changes.map(({ _tag, conference: found }) => `${_tag} ${found}`),
        declared: [...restored.input.desired.keys()],
        stale: restored.stale,
      };
    };

    it('it is kept: a blocked one is told of, and all of them are noted down', () => {
      expect(kept(idle.records)).toStrictEqual({
        changes: ['Suspended left', 'Blocked over', 'None same'],
        declared: ['same', 'over', 'left'],
        stale: [],
      });
    });

    it('it is left alone where it has changed, with a word only where something was wrong', () => {
      const changed = [...idle.records.values()].map((record) => ({ ...record, protected: true }));
      expect(kept(recordsOf(...changed))).toStrictEqual({ changes: [], declared: [], stale: [over] });
    });
  });

  it.each([
    ['another kind', { kind: 'another plan' }],
    ['a later format', { formatVersion: 2 }],
    ['no id', { declared: [{ ...toSavedPlan(input, 'desired', '').declared[0], id: '../x' }] }],
    ['no changes', { changes: undefined }],
  ])('%s is no saved plan', (_, broken) => {
    expect(E.isLeft(SavedPlan.decode({ ...toSavedPlan(input, 'desired', ''), ...broken }))).toBe(true);
  });
});
