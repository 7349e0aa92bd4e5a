import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.js';
import { makePlanAgain } from '../../src/plan/plan-again.js';
import { planInput } from './inputs.js';

/** Declarations, records, answers and rules that come, go and come back, each by itself. */
const inputs = fc
  .tuple(
    fc.array(planInput, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), { minLength: 2, maxLength: 8 }),
  )
  .map(([known, picks]) =>
    picks.map((pick) => {
      const [desired, records, live, rules] = pick.map((index) => known[index % known.length]);
      const isAsked = pick[2] % 3 === 0;
      return {
        ...(desired ?? expect.unreachable()),
        records: records?.records ?? new Map(),
        live: isAsked && live !== undefined ? live.live : new Map(),
        rules: rules?.rules ?? expect.unreachable(),
      };
    }),
  );

test.prop([inputs], { numRuns: 60 })('each plan is the one that is made from scratch', (all) => {
  const planAgain = makePlanAgain();
  for (const input of all) expect(planAgain(input)).toStrictEqual(makePlan(input));
});
