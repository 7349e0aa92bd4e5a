import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { guardOf } from '../../src/plan/guard.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import { restorePlan } from '../../src/plan/restore-plan.js';
import { SavedPlan, toSavedPlan } from '../../src/plan/saved-plan.js';
import { planInput } from './inputs.js';
import { begin, finished, foldEntries, intended, sendableIn } from './model.js';
import type { Desired } from '../../src/desired/desired.js';
import type { LastCall, Sighting } from '../../src/ledger/record.js';
import {
  applied,
  conference,
  declare,
  desiredOf,
  ended,
  formerPlace,
  inDoubt,
  inputOf,
  recordOf,
  recordsOf,
} from './sides.js';
import { someTrouble } from '../ledger/trouble.js';

const madeFor = { directory: 'desired', account: 'u-1', endpoint: 'e' };
const here = { desired: O.none, rate: 1, maxAudience: O.none } as const;

const throughFile = (input: PlanInput): SavedPlan => {
  const decoded = SavedPlan.decode(JSON.parse(JSON.stringify(SavedPlan.encode(toSavedPlan(input, madeFor)))));
  if (E.isLeft(decoded)) throw new Error('it cannot be read back');
  return decoded.right;
};

// A saved plan is only made from declarations that all count.
const counted = planInput.map(
  (input): PlanInput => ({ ...input, rules: { ...input.rules, removals: 'count', heal: false } }),
);

test.prop([counted])('a plan comes back from its file as it was', (input) => {
  const { rate, maxAudience } = input.rules;
  const restored = restorePlan(throughFile(input), { ...here, records: input.records, rate, maxAudience });
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
  const restored = restorePlan(throughFile(input), { ...here, records: run });
  expect(sendableIn(restored.plan)).toStrictEqual([]);
  expect(restored.plan.refused).toStrictEqual([]);
});

test.prop([unreported, fc.nat()])('a run that was cut short is ended by the next', (input, calls) => {
  const { plan, records } = begin(input);
  const all = sendableIn(plan);
  const made = all.slice(0, calls % (all.length + 1));
  const half = foldEntries(
    records,
    made.flatMap((change) => [intended(change), finished(change, 'Applied')]),
  );
  const restored = restorePlan(throughFile(input), { ...here, records: half });
  expect(sendableIn(restored.plan).map(({ conference: found }) => found)).toStrictEqual(
    all.slice(made.length).map(({ conference: found }) => found),
  );
  expect(restored.stale).toStrictEqual([]);
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
    const restored = restorePlan(saved, { ...here, records: new Map(), maxAudience });
    expect([restored.stale, restored.input.rules.maxAudience]).toStrictEqual([[], maxAudience]);
    return restored.plan.changes.map(guardOf);
  });
  expect(guards).toStrictEqual([[{ _tag: 'Free' }], [{ _tag: 'AtMost', audience: 7 }]]);
});

const lastCall: LastCall = {
  call: 7,
  atMs: 0,
  durationMs: 1,
  body: {},
  outcome: 'Applied',
  status: O.some(200),
};
const sighting: Sighting = { atMs: 1, audience: O.none, drift: {}, healedAtMs: [] };

describe('a ledger that has changed since', () => {
  const [a, b, c] = [conference('a'), conference('b'), conference('c')];
  const input = inputOf({
    desired: desiredOf(declare({ tag: 't' }, {}, a), declare({ mute: true }, {}, b)),
    records: recordsOf(recordOf({ tag: applied('s') }, {}, a), recordOf({}, {}, b), recordOf({}, {}, c)),
  });
  const withRecord = (record: ReturnType<typeof recordOf>) =>
    new Map([...input.records, [record.id, record] as const]);
  const without = (gone: typeof a) => new Map([...input.records].filter(([found]) => found !== gone));

  it.each<readonly [string, PlanInput['records'], readonly string[], readonly string[]]>([
    ['not at all', input.records, [], []],
    ['in what failed', withRecord(recordOf({ tag: applied('s') }, { trouble: someTrouble }, a)), [], []],
    [
      'in what was noted down',
      withRecord(recordOf({ tag: applied('s') }, { declared: O.none, declaredSinceMs: O.some(9) }, a)),
      [],
      [],
    ],
    [
      'in what was seen',
      withRecord(recordOf({ tag: applied('s') }, { sighting: O.some(sighting) }, a)),
      [],
      [],
    ],
    ['in what is protected', withRecord(recordOf({ tag: applied('s') }, { protected: true }, a)), ['a'], []],
    [
      'by one that was not known',
      withRecord(recordOf({ mute: applied(true) }, {}, conference('later'))),
      [],
      [],
    ],
    ['done by somebody else', withRecord(recordOf({ tag: applied('t') }, {}, a)), [], ['a']],
    ['another value before', withRecord(recordOf({ tag: applied('r') }, {}, a)), ['a'], []],
    ['in doubt', withRecord(recordOf({ tag: inDoubt('t', 's') }, {}, a)), ['a'], []],
    [
      'done, and undone since',
      withRecord(recordOf({ tag: applied('s') }, { lastCall: O.some(lastCall) }, a)),
      ['a'],
      [],
    ],
    ['more to do now', withRecord(recordOf({ hold: applied(true) }, {}, b)), ['b'], []],
    ['released by somebody else', without(c), [], ['c']],
  ])('%s', (_, records, stale, done) => {
    const restored = restorePlan(throughFile(input), { ...here, records });
    expect(restored.stale).toStrictEqual(stale.map((found) => ({ conference: found, changed: 'ledger' })));
    expect(restored.done).toStrictEqual(done);
    const kept = ['a', 'b', 'c'].filter((name) => !stale.includes(name) && !done.includes(name)).sort();
    expect(restored.plan.changes.map(({ conference: found }) => found).sort()).toStrictEqual(kept);
    expect(restored.plan.summary.calls).toBe(kept.filter((name) => name !== 'c').length);
    expect([...restored.input.desired.keys()]).toStrictEqual(
      ['a', 'b'].filter((name) => kept.includes(name)),
    );
  });

  it.each<readonly [string, Desired, readonly string[]]>([
    [
      'the same, elsewhere in the file and by another name',
      desiredOf(
        declare({ tag: 't' }, { at: formerPlace, name: O.some('A') }, a),
        declare({ mute: true }, {}, b),
      ),
      [],
    ],
    [
      'the same, and one more',
      desiredOf(...input.desired.values(), declare({ mute: true }, {}, conference('later'))),
      [],
    ],
    ['another value', desiredOf(declare({ tag: 'u' }, {}, a), declare({ mute: true }, {}, b)), ['a']],
    ['one less', desiredOf(declare({ tag: 't' }, {}, a)), ['b']],
    ['what was to be released', desiredOf(...input.desired.values(), declare({}, {}, c)), ['c']],
    [
      'not ours instead of not said',
      desiredOf(declare({ tag: 't', mute: null }, {}, a), declare({ mute: true }, {}, b)),
      ['a'],
    ],
    [
      'a word more',
      desiredOf(
        declare({ tag: 't' }, { protect: O.some(true) }, a),
        declare({ mute: true }, { suspend: true }, b),
      ),
      ['b', 'a'],
    ],
  ])('and a directory that declares %s', (_, desired, stale) => {
    const restored = restorePlan(throughFile(input), {
      ...here,
      records: input.records,
      desired: O.some(desired),
    });
    expect(restored.stale).toStrictEqual(
      stale.map((found) => ({ conference: found, changed: 'declaration' })),
    );
    expect(restored.done).toStrictEqual([]);
    const kept = ['a', 'b', 'c'].filter((name) => !stale.includes(name));
    expect(restored.plan.changes.map(({ conference: found }) => found).sort()).toStrictEqual(kept);
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
      const restored = restorePlan(throughFile(idle), { ...here, records });
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
      expect(kept(recordsOf(...changed))).toStrictEqual({
        changes: [],
        declared: [],
        stale: [{ conference: over, changed: 'ledger' }],
      });
    });
  });

  it.each([
    ['another kind', { kind: 'another plan' }],
    ['a later format', { formatVersion: 2 }],
    ['no id', { declared: [{ ...toSavedPlan(input, madeFor).declared[0], id: '../x' }] }],
    ['no changes', { changes: undefined }],
  ])('%s is no saved plan', (_, broken) => {
    expect(E.isLeft(SavedPlan.decode({ ...toSavedPlan(input, madeFor), ...broken }))).toBe(true);
  });
});
