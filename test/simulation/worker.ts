/** Runs its share of the seeds, one after the other, and tells what each came to. */
import { parentPort, workerData } from 'node:worker_threads';
import * as t from 'io-ts';
import { runScenario, type Breach } from './run.js';
import { makeScenario } from './scenario.js';
import { keeping, shrink } from './shrink.js';

export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly broken: readonly Breach[];
  /** Of a seed that broke a promise: the events that are needed for it, and what happened with them alone. */
  readonly needed: readonly number[];
  readonly trace: readonly string[];
}

const Share = t.type({
  first: t.number,
  stride: t.number,
  end: t.number,
  /** Only these events; none: all. */
  keep: t.union([t.readonlyArray(t.number), t.undefined]),
  /** Whether a failure is made small before it is told. */
  shrinks: t.boolean,
});

const runSeed = async (
  seed: number,
  keep: readonly number[] | undefined,
  shrinks: boolean,
): Promise<SeedReport> => {
  const whole = makeScenario(seed);
  const scenario = keep === undefined ? whole : keeping(whole, keep);
  const { steps, broken } = await runScenario(scenario, false);
  const [first] = broken;
  if (first === undefined || !shrinks) return { seed, steps, broken, needed: [], trace: [] };
  const needed = keep ?? (await shrink(whole, first.promise));
  const { trace } = await runScenario(keeping(whole, needed), true);
  return { seed, steps, broken, needed, trace };
};

const share = Share.decode(workerData);
if (share._tag === 'Left') throw new Error('a worker must be told its share');
const { first, stride, end, keep, shrinks } = share.right;
for (let seed = first; seed < end; seed += stride)
  parentPort?.postMessage(await runSeed(seed, keep, shrinks));
parentPort?.close();
