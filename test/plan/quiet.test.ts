/** Who is quiet can be told one by one, and a plan without the quiet ones is the plan. */
import { test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { makePlan, makePlanOfSome, type PlanInput } from '../../src/plan/make-plan.js';
import { markOf, marksIn } from '../../src/plan/quiet.js';
import { planInput } from './inputs.js';

const asked = planInput.map(
  (input): PlanInput => ({
    ...input,
    live: new Map(),
    rules: { ...input.rules, removals: 'count', heal: false },
  }),
);

describe('marks', () => {
  test.prop([asked], { numRuns: 300 })('are those of the whole plan', (input) => {
    const markInPlan = marksIn(makePlan(input), input);
    for (const [id, declared] of input.desired)
      expect(markOf(declared, input.records.get(id), input.rules)).toBe(markInPlan(id));
  });

  test.prop([asked], { numRuns: 300 })('say whom the plan does without', (input) => {
    const counts = { quiet: 0, fresh: 0, loud: 0 };
    const desired = new Map(input.desired);
    const records = new Map(input.records);
    for (const [id, declared] of input.desired) {
      const mark = markOf(declared, input.records.get(id), input.rules);
      counts[mark] += 1;
      if (mark === 'loud') continue;
      desired.delete(id);
      records.delete(id);
    }
    const { changes, ...whole } = makePlan(input);
    const some = makePlanOfSome(
      { ...input, desired, records },
      { known: counts.quiet, unknown: counts.fresh },
    );
    expect(some).toStrictEqual({
      ...whole,
      changes: changes.filter(
        ({ _tag, conference }) => _tag !== 'None' || desired.has(conference) || records.has(conference),
      ),
    });
  });
});
