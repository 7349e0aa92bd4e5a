/**
 * How long fuzzing goes on: a fixed number of runs in `npm test`, times `HOLDFAST_FUZZ_FACTOR` for a long one.
 * The seed is that of the whole run (`test/support/property-seed.ts`).
 */
const factor = Number(process.env['HOLDFAST_FUZZ_FACTOR'] ?? 1);
if (!(factor > 0)) throw new Error('HOLDFAST_FUZZ_FACTOR must be a positive number');

export interface Effort {
  readonly numRuns: number;
  /** For all runs of a property; a loaded machine is slow. */
  readonly timeoutMs: number;
}

export const effort = (runs: number): Effort => ({
  numRuns: Math.max(1, Math.round(runs * factor)),
  timeoutMs: 180_000 * Math.max(1, factor),
});
