import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { declaredAs, desired } from '../arbitrary/desired.js';
import { option } from '../arbitrary/record.js';
import type { Declared, Desired } from '../../src/desired/desired.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { applied as appliedTo, planSince } from '../../src/plan/plan-since.js';
import { planInput } from './inputs.js';
import { begin, finished, foldEntries, intended, sendableIn } from './model.js';
import {
  applied,
  conference,
  declare,
  desiredOf,
  ended,
  inDoubt,
  inputOf,
  recordOf,
  recordsOf,
} from './sides.js';

const unread = planInput.map(
  (input): PlanInput => ({
    ...input,
    live: new Map(),
    rules: { ...input.rules, removals: 'count', heal: false },
  }),
);

/** Of the same few conferences on both sides. */
const few: fc.Arbitrary<Desired> = fc
  .tuple(...['a', 'b', 'c'].map((name) => option(declaredAs(conference(name)))))
  .map((all) => desiredOf(...all.flatMap((one) => (O.isSome(one) ? [one.value] : []))));

const whole = (wanted: Desired) => ({ desired: wanted, isWhole: true });

const shown = ({ changes, notes, refused }: Plan) => ({
  changes: changes.filter((change) => change._tag !== 'None' || change.read),
  notes,
  refused,
});

test.prop([unread, fc.boolean()])('the base beside itself has no effect', (input, isWhole) => {
  const plan = planSince({ desired: input.desired, isWhole: true }, input);
  expect(shown(plan)).toStrictEqual({ changes: [], notes: [], refused: [] });
  expect(plan.summary).toMatchObject({
    update: 0,
    complete: 0,
    release: 0,
    blocked: 0,
    suspended: 0,
    calls: 0,
  });
  const partly = planSince({ desired: input.desired, isWhole }, input);
  expect(sendableIn(partly).filter(({ conference: id }) => input.desired.has(id))).toStrictEqual([]);
});

test.prop([unread, few])('the ledger is as after an apply of the base', (input, wanted) => {
  const certain = new Map(
    [...input.records].map(([id, record]) => [id, { ...record, endReportedAtMs: O.none }]),
  );
  const before = { ...input, records: certain, desired: wanted };
  const { plan, records } = begin(before);
  // What a safety check holds is not done.
  fc.pre(plan.refused.length === 0);
  const after = foldEntries(
    records,
    sendableIn(plan).flatMap((change) => [intended(change), finished(change, 'Applied')]),
  );
  const simulated = appliedTo(whole(wanted), before);
  for (const [id, record] of after) {
    // Whether it was completed may be in doubt, which one GET would decide.
    if (record.settings.state?._tag !== 'InDoubt')
      expect(simulated.get(id)?.settings).toStrictEqual(record.settings);
    expect(simulated.get(id)?.protected).toBe(record.protected);
  }
  expect([...simulated.keys()].sort()).toStrictEqual([...after.keys()].sort());
});

test.prop([unread, few, few])(
  'where the base has been applied, it sends what the plan sends',
  (input, base, head) => {
    fc.pre(isFree({ ...input, desired: base }));
    const records = appliedTo(whole(base), { ...input, desired: base });
    const now = { ...input, desired: head, records };
    fc.pre(isFree(now));
    expect(sendableIn(planSince(whole(base), now))).toStrictEqual(sendableIn(makePlan(now)));
  },
);

test.prop([few, few, few])('what waits to be done anyway makes no difference', (base, head, waiting) => {
  const effect = (records: PlanInput['records']) =>
    sendableIn(planSince(whole(base), inputOf({ desired: head, records }))).map(({ conference: id }) => id);
  // A conference that both declare the same is not spoken of, whatever stands in the ledger.
  const ledger = appliedTo(whole(waiting), inputOf({}));
  for (const records of [new Map(), ledger])
    for (const wanted of [base, head]) fc.pre(isFree(inputOf({ desired: wanted, records })));
  for (const id of [...effect(new Map()), ...effect(ledger)])
    expect(sameBut(base.get(id), head.get(id))).toBe(false);
});

const isFree = (input: PlanInput): boolean => makePlan(input).refused.length === 0;

const sameBut = (left: Declared | undefined, right: Declared | undefined): boolean =>
  JSON.stringify(left?.settings) === JSON.stringify(right?.settings) &&
  left?.suspend === right?.suspend &&
  left?.whenEmpty === right?.whenEmpty &&
  JSON.stringify(left?.protect) === JSON.stringify(right?.protect);

test.prop([desired, desired, unread])('is independent of the order of its input', (base, head, input) => {
  const reversed = <K, V>(map: ReadonlyMap<K, V>) => new Map([...map].reverse());
  const one = planSince(whole(base), { ...input, desired: head });
  const other = planSince(whole(reversed(base)), {
    ...input,
    desired: reversed(head),
    records: reversed(input.records),
  });
  expect(other).toStrictEqual(one);
});

describe('what is shown', () => {
  const sinceBase = (
    base: readonly Declared[],
    head: readonly Declared[],
    records: PlanInput['records'] = new Map(),
    isWhole = true,
  ) => {
    const plan = planSince(
      { desired: desiredOf(...base), isWhole },
      inputOf({ desired: desiredOf(...head), records }),
    );
    return {
      changes: plan.changes.flatMap((change) => {
        if (change._tag === 'Update' || change._tag === 'Complete')
          return change.settings.map(
            ({ setting, from, to, why }) =>
              `${setting} ${String(O.toUndefined(from))} -> ${String(to)} ${why}`,
          );
        return change._tag === 'None' ? [] : [change._tag];
      }),
      notes: plan.notes.map(({ message }) => message),
    };
  };
  const nothing = { changes: [], notes: [] };

  it.each<readonly [string, ReturnType<typeof sinceBase>, unknown]>([
    [
      'only what differs from the base, although nothing was ever applied',
      sinceBase([declare({ mute: true, tag: 'a' })], [declare({ mute: false, tag: 'a' })]),
      { changes: ['mute true -> false changed'], notes: [] },
    ],
    [
      'nothing of what is in doubt, or applied otherwise, and both declare',
      sinceBase(
        [declare({ mute: true, hold: true })],
        [declare({ mute: true, hold: true })],
        recordsOf(recordOf({ mute: inDoubt(true), hold: applied(false) })),
      ),
      nothing,
    ],
    [
      'the base’s value where the ledger has another',
      sinceBase([declare({ tag: 'b' })], [declare({ tag: 'c' })], recordsOf(recordOf({ tag: applied('a') }))),
      { changes: ['tag b -> c changed'], notes: [] },
    ],
    [
      'a conference that is new',
      sinceBase([], [declare({ mute: true })]),
      { changes: ['mute undefined -> true new'], notes: [] },
    ],
    [
      'a conference that is gone',
      sinceBase([declare({ mute: true })], []),
      { changes: ['Release'], notes: [] },
    ],
    [
      'nothing of one that the base has removed',
      sinceBase([], [], recordsOf(recordOf({ mute: applied(true) }))),
      nothing,
    ],
    [
      'nothing of one that has ended or is left alone, if both declare the same',
      sinceBase([declare({ mute: true })], [declare({ mute: true })], recordsOf(recordOf(ended))),
      nothing,
    ],
    [
      'that nothing can be changed any more of one that has ended',
      sinceBase(
        [declare({ mute: true })],
        [declare({ mute: false })],
        recordsOf(recordOf({ ...ended, mute: applied(true) })),
      ),
      { changes: ['Blocked'], notes: [] },
    ],
    [
      'a change of what an event says has ended, because that may not be true',
      sinceBase(
        [declare({ mute: true })],
        [declare({ mute: false })],
        recordsOf(recordOf({}, { endReportedAtMs: O.some(1) })),
      ),
      { changes: ['mute true -> false changed'], notes: [] },
    ],
    [
      'that an end which has not come about is taken back',
      sinceBase([declare({ state: 'completed' })], [declare({ mute: true })]),
      { changes: ['mute undefined -> true new'], notes: [expect.stringMatching(/^the base completes it/)] },
    ],
    [
      'an end that the protection held until now: merging lets it through',
      sinceBase(
        [declare({ state: 'completed' })],
        [declare({ state: 'completed' }, { protect: O.some(false) })],
        recordsOf(recordOf({}, { protected: true })),
      ),
      { changes: ['state undefined -> completed new'], notes: [] },
    ],
    [
      'a note that is not the base’s own',
      sinceBase(
        [declare({ tag: 'a', fallbackUrl: 'https://a.example/' })],
        [declare({ fallbackUrl: 'https://a.example/' })],
      ),
      { changes: [], notes: [expect.stringMatching(/^tag is not declared any more/)] },
    ],
    [
      'the difference to the ledger, where a file of the base is broken',
      sinceBase([], [declare({ tag: 'c' })], recordsOf(recordOf({ tag: applied('a') })), false),
      { changes: ['tag a -> c changed'], notes: [] },
    ],
    [
      'a removal, also where a file of the base is broken',
      sinceBase([], [], recordsOf(recordOf({ tag: applied('a') })), false),
      { changes: ['Release'], notes: [] },
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});
