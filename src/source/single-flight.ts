/** Runs a task on request, never twice at once; any number of requests during a run lead to one more run. */
import type * as T from 'fp-ts/lib/Task.js';

export interface SingleFlight {
  readonly request: () => void;
  /** Ends when nothing runs and nothing is requested. */
  readonly idle: T.Task<void>;
}

/** The task must not reject. */
export const singleFlight = (task: T.Task<void>): SingleFlight => {
  let requested = false;
  let running: Promise<void> | undefined;

  const runWhileRequested = async (): Promise<void> => {
    while (requested) {
      requested = false;
      await task();
    }
    running = undefined;
  };

  return {
    request: () => {
      requested = true;
      running ??= runWhileRequested();
    },
    idle: async () => {
      await running;
    },
  };
};
