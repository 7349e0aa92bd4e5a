/** The workers that share the seeds of one simulation. */
import { Worker } from 'node:worker_threads';
import * as t from 'io-ts';
import type { SeedReport } from './worker.js';

export interface Assignment {
  /** The built worker. */
  readonly file: string;
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  readonly keep: readonly number[] | undefined;
  readonly shrinks: boolean;
  /** True: enough, stop. */
  readonly report: (report: SeedReport) => boolean;
}

/** Resolves when every seed was run, or when enough was seen. */
export const runCrew = async (assignment: Assignment): Promise<void> => {
  const { from, seeds, workers, keep, shrinks } = assignment;
  const stops: (() => Promise<unknown>)[] = [];
  const stop = (): void => {
    for (const one of stops) void one();
  };
  await Promise.all(
    Array.from({ length: Math.min(workers, seeds) }, (_one, index) => {
      const worker = new Worker(assignment.file, {
        workerData: { first: from + index, stride: workers, end: from + seeds, keep, shrinks },
      });
      stops.push(() => worker.terminate());
      return untilDone(worker, assignment.report, stop);
    }),
  );
};

const untilDone = (worker: Worker, report: Assignment['report'], stop: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.on('message', (message: unknown) => {
      const decoded = Report.decode(message);
      if (decoded._tag === 'Left') reject(new Error('a worker said something else'));
      else if (report(decoded.right)) stop();
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });

const Report: t.Type<SeedReport, unknown> = t.type({
  seed: t.number,
  steps: t.number,
  broken: t.readonlyArray(t.type({ promise: t.string, detail: t.string, atMs: t.number, step: t.number })),
  needed: t.readonlyArray(t.number),
  trace: t.readonlyArray(t.string),
});
