/** A case and its reference in turns, so that what else the machine does falls on both. */
import { median } from './row.js';

export interface Medians {
  readonly oursMs: number;
  readonly referenceMs: number;
}

/** `reference` and `ours` measure one run each, in milliseconds. */
export const interleave = async (
  runs: number,
  reference: (run: number) => number | Promise<number>,
  ours: (run: number) => number | Promise<number>,
): Promise<Medians> => {
  const oursMs: number[] = [];
  const referenceMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    referenceMs.push(await reference(run));
    oursMs.push(await ours(run));
  }
  return { oursMs: median(oursMs), referenceMs: median(referenceMs) };
};
