/**
 * Leaves out of a scenario what its failure does not need: halves first, then quarters, down to single events
 * (Zeller's ddmin). What remains breaks the same promise.
 */
import { runScenario, type Result } from './run.js';
import type { Scenario } from './scenario.js';

/** The numbers of the injections that are needed. */
export const shrink = async (scenario: Scenario, promise: string): Promise<readonly number[]> => {
  const isBroken = async (kept: readonly number[]): Promise<boolean> => {
    const result: Result = await runScenario(keeping(scenario, kept), false);
    return result.broken.some((breach) => breach.promise === promise);
  };
  let kept: readonly number[] = scenario.injections.map((_one, index) => index);
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length; ) {
      const without = kept.filter((_one, index) => index < start || index >= start + size);
      if (await isBroken(without)) kept = without;
      else start += size;
    }
  }
  return kept;
};

export const keeping = (scenario: Scenario, kept: readonly number[]): Scenario => ({
  ...scenario,
  injections: scenario.injections.filter((_one, index) => kept.includes(index)),
});
