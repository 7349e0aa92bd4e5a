/** One scheduler at one workload, from the first edit until a minute after everything is as declared. */
import { makeKernel, type Kernel } from '../../simulation/kernel.js';
import { makeConditions } from './conditions.js';
import type { Scheduler, Strategy } from './strategy.js';
import { makeTally, type Measures } from './tally.js';
import type { Edit, Workload } from './workload.js';
import { makeWorld } from './world.js';

export interface RunOptions {
  readonly seed: number;
  /** 1: as usual. */
  readonly jitter: number;
}

/** Calls that nobody needs any more would come now. */
const quietMs = 60_000;
const longestMs = 24 * 3_600_000;

export const runWorkload = async (
  strategy: Strategy,
  workload: Workload,
  { seed, jitter }: RunOptions,
): Promise<Measures> => {
  const kernel = makeKernel(seed, () => undefined);
  const tally = makeTally(workload, kernel.elapsedMs);
  const conditions = makeConditions(seed, jitter);
  const world = makeWorld({ kernel, workload, tally, conditions, seed });
  const scheduler = await strategy.start(world, workload);
  const commit = (edits: readonly Edit[]): void => {
    for (const edit of edits) tally.edited(edit);
    scheduler.edited(edits);
  };
  commitNext(workload.edits, kernel, commit);
  while (await kernel.step()) {
    const nowMs = kernel.elapsedMs();
    if (nowMs > tally.settledMs() + quietMs || nowMs > longestMs) break;
  }
  return tally.measures();
};

/** The edits of one moment together, and then those of the next. */
const commitNext = (edits: readonly Edit[], kernel: Kernel, commit: Scheduler['edited']): void => {
  const [first] = edits;
  if (first === undefined) return;
  const others = edits.findIndex(({ atMs }) => atMs !== first.atMs);
  const count = others < 0 ? edits.length : others;
  void kernel.after(first.atMs - kernel.elapsedMs(), 'edit', () => {
    commit(edits.slice(0, count));
    commitNext(edits.slice(count), kernel, commit);
  });
};
