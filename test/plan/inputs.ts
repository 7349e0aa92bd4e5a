/** Everything a plan can be made from: any declarations, any ledger, any answers. */
import fc from 'fast-check';
import type { Live } from '../../src/catapult/catapult.js';
import type { PlanInput, PlanRules } from '../../src/plan/make-plan.js';
import { commit } from '../arbitrary/commit.js';
import { desired } from '../arbitrary/desired.js';
import { conferenceId, conferenceRecord, option } from '../arbitrary/record.js';
import { body } from '../arbitrary/settings.js';

export const records: fc.Arbitrary<PlanInput['records']> = fc
  .uniqueArray(conferenceRecord, { maxLength: 6, selector: ({ id }) => id })
  .map((all) => new Map(all.map((record) => [record.id, record])));

const liveAnswer: fc.Arbitrary<Live> = fc
  .record({
    state: fc.constantFrom('created', 'active', 'completed'),
    activeMembers: option(fc.integer({ min: 0, max: 20 })),
    settings: body,
  })
  .map(({ settings: { state: _, ...settings }, ...rest }) => ({ ...rest, settings }));

const planRules: fc.Arbitrary<PlanRules> = fc.record({
  onRemove: fc.constantFrom('release', 'reset', 'complete'),
  removals: fc.constantFrom('count', 'settings', 'wait'),
  heal: fc.boolean(),
  maxComplete: fc.nat({ max: 8 }),
  maxAudience: option(fc.nat({ max: 8 })),
  rate: fc.constantFrom<PlanRules['rate'][]>(1, 0.5, 7, 'unlimited'),
});

export const planInput: fc.Arbitrary<PlanInput> = fc.record({
  revision: fc.string(),
  commit: option(commit),
  desired,
  records,
  live: fc.array(fc.tuple(conferenceId, liveAnswer), { maxLength: 3 }).map((all) => new Map(all)),
  rules: planRules,
});
