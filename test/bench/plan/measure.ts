/** The case and its reference in turns, so that what else the machine does falls on both. */
import { runNode, type PlanCase } from './cases.js';

export interface Figures {
  readonly medianMs: number;
  readonly referenceMs: number;
  readonly ratio: number;
}

const runs = 9;

/** A file that was just written proves nothing by its stamp; longer than `coarsestTickNs`. */
const settlingMs = 3_500;

export const measure = ({ words, reference, folder, prepare }: PlanCase): Figures => {
  const ours: number[] = [];
  const theirs: number[] = [];
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, settlingMs);
  // The first makes the index.
  runNode(words, folder);
  for (let run = 0; run < runs; run += 1) {
    theirs.push(timeOf(() => runNode(reference, folder)));
    prepare(run);
    ours.push(timeOf(() => runNode(words, folder)));
  }
  const medianMs = median(ours);
  const referenceMs = median(theirs);
  return { medianMs, referenceMs, ratio: medianMs / referenceMs };
};

const timeOf = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
