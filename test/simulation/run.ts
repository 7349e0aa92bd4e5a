/** One simulated run, from the first step to the last. */
import { makeKernel } from './kernel.js';
import type { Scenario } from './scenario.js';
import { makeWorld } from './world.js';

export interface Result {
  readonly steps: number;
  /** Promises that were broken, each once, in the order in which it happened. */
  readonly broken: readonly Breach[];
  /** The last lines before the end, where they were asked for. */
  readonly trace: readonly string[];
}

export interface Breach {
  readonly promise: string;
  readonly detail: string;
  readonly atMs: number;
  readonly step: number;
}

const mostSteps = 60_000;

export const runScenario = async (scenario: Scenario, traced: boolean): Promise<Result> => {
  const trace: string[] = [];
  const broken: Breach[] = [];
  const kernel = makeKernel(scenario.seed, (line) => {
    if (traced) trace.push(line());
  });
  const breaks = (promise: string, detail: string): void => {
    if (traced) trace.push(`BROKEN: ${promise}: ${detail}`);
    if (broken.some((other) => other.promise === promise)) return;
    broken.push({ promise, detail, atMs: kernel.elapsedMs(), step: kernel.steps() });
  };
  const world = makeWorld(scenario, kernel, breaks, traced ? trace : undefined);
  while (!world.isOver() && broken.length === 0) {
    world.beforeStep();
    if (!(await kernel.step())) breaks('everything comes to rest as declared', 'nothing happens any more');
    if (kernel.steps() > mostSteps) breaks('everything comes to rest as declared', 'it never does');
  }
  return { steps: kernel.steps(), broken, trace };
};
