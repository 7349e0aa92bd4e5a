/** A workload under the oracle, holdfast and the plain strategies. */
import { figuresOf, oracleFigures, type Comparison, type Figures } from './figures.js';
import { firstInFirstOut } from './first-in-first-out.js';
import { fixedConcurrency } from './fixed-concurrency.js';
import { holdfast } from './holdfast.js';
import { oracleOf } from './oracle.js';
import { runWorkload, type RunOptions } from './run.js';
import type { Strategy } from './strategy.js';
import type { Workload } from './workload.js';

const plainStrategies: readonly Strategy[] = [firstInFirstOut, fixedConcurrency];

export const compare = async (
  workload: Workload,
  options: RunOptions,
  plain: readonly Strategy[] = plainStrategies,
): Promise<Comparison> => {
  const others: Figures[] = [];
  for (const strategy of [holdfast, ...plain])
    others.push(figuresOf(strategy.name, await runWorkload(strategy, workload, options), workload));
  return { workload, oracle: oracleFigures(oracleOf(workload), workload), others };
};
