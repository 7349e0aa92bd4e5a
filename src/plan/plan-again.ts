/**
 * For whoever plans again and again: a plan for which only those conferences are compared whose declaration or record
 * is another one than in the plan before.
 *
 * Law: every plan is the one that `makePlan` makes.
 */
import * as O from 'fp-ts/lib/Option.js';
import { compare, makePlanOfSome, type PlanInput } from './make-plan.js';
import type { DiffRules } from './diff.js';
import { oncePerPair } from './once-per-pair.js';
import type { Plan } from './plan.js';
import { nobodyQuiet } from './safety.js';

export const makePlanAgain = (): ((input: PlanInput) => Plan) => {
  let rules: O.Option<DiffRules> = O.none;
  let comparedIn = compare;
  return (input) => {
    if (!O.exists((before: DiffRules) => isSame(before, input.rules))(rules)) {
      rules = O.some(input.rules);
      comparedIn = remembering(input.rules);
    }
    return makePlanOfSome(input, nobodyQuiet, comparedIn);
  };
};

const remembering = (rules: DiffRules): typeof compare => {
  const comparedPair = oncePerPair((declared, record) =>
    compare(
      { conference: declared.id, declared: O.some(declared), record: O.some(record), live: O.none },
      rules,
    ),
  );
  // What a GET answered belongs to no pair.
  return (comparison) =>
    O.isSome(comparison.declared) && O.isSome(comparison.record) && O.isNone(comparison.live)
      ? comparedPair(comparison.declared.value, comparison.record.value)
      : compare(comparison, rules);
};

const isSame = (left: DiffRules, right: DiffRules): boolean =>
  left.onRemove === right.onRemove &&
  left.removals === right.removals &&
  left.heal === right.heal &&
  left.maxAudience === right.maxAudience;
