import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { declaredAs } from '../arbitrary/desired.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { planAfter } from '../../src/plan/plan-after.js';
import { planInput } from './inputs.js';

/** Some are declared otherwise, and what was to be sent may have been sent meanwhile. */
const changed = planInput
  .map((input) => ({ ...input, live: new Map() }))
  .chain((before) => {
    const again = [...before.desired.keys()].map((id) => fc.option(declaredAs(id), { nil: undefined }));
    return fc.record({
      before: fc.constant(before),
      declared: fc.tuple(...again).map((all) => all.flatMap((one) => one ?? [])),
      records: planInput.map(({ records }) => records),
      revision: fc.string(),
    });
  });

test.prop([changed], { numRuns: 200 })(
  'but for the safety checks, it is the plan that is made from scratch',
  ({ before, declared, records, revision }) => {
    const plan = makePlan(before);
    const sent = plan.changes.filter(({ _tag }) => _tag === 'Update' || _tag === 'Complete');
    const after = {
      ...before,
      revision,
      desired: new Map([...before.desired, ...declared.map((one) => [one.id, one] as const)]),
      records: new Map(before.records),
    };
    for (const { conference } of sent) {
      const record = records.get(conference);
      if (record !== undefined) after.records.set(conference, record);
    }
    const ids = declared.map(({ id }) => id);
    expect(planAfter(plan, ids, after)).toStrictEqual({ ...makePlan(after), refused: plan.refused });
  },
);
