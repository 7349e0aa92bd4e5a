/**
 * When to look at the declarations again. File events are hints: each asks for a look soon, after the writer
 * has had a moment to finish, and for another one a little later, because an event can come before the last
 * byte. Looks never overlap.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Clock } from '../time/clock.js';

export interface LookTimer {
  /** Something may have changed. */
  readonly hint: IO<void>;
  /** Look again after so many milliseconds, unless a look comes first. */
  readonly within: (delayMs: number) => void;
  /** No look follows; resolves when the one under way has ended. */
  readonly stop: Task<void>;
}

/** A save is in place after this long; an in-place write was never seen torn later than 20 ms after its event. */
const settleMs = 20;
/** A file that is written to without a pause is looked at this often all the same. */
const longestSettleMs = 200;
const lookAgainMs = 120;

export const makeLookTimer = (clock: Pick<Clock, 'elapsed' | 'after'>, look: Task<void>): LookTimer => {
  let dueMs = Number.POSITIVE_INFINITY;
  let firstHintMs = Number.POSITIVE_INFINITY;
  let cancel: IO<void> = () => undefined;
  let looking: Promise<void> | undefined;
  let stopped = false;

  const arm = (atMs: number): void => {
    dueMs = atMs;
    cancel();
    if (stopped || looking !== undefined) return;
    cancel = clock.after(Math.max(0, dueMs - clock.elapsed()), fire);
  };

  const fire: IO<void> = () => {
    const wasHinted = firstHintMs !== Number.POSITIVE_INFINITY;
    dueMs = Number.POSITIVE_INFINITY;
    firstHintMs = Number.POSITIVE_INFINITY;
    looking = look().then(() => {
      looking = undefined;
      if (wasHinted) within(lookAgainMs);
      else if (dueMs !== Number.POSITIVE_INFINITY) arm(dueMs);
    });
  };

  const within = (delayMs: number): void => {
    arm(Math.min(dueMs, clock.elapsed() + delayMs));
  };

  return {
    hint: () => {
      const nowMs = clock.elapsed();
      firstHintMs = Math.min(firstHintMs, nowMs);
      arm(Math.min(nowMs + settleMs, firstHintMs + longestSettleMs));
    },
    within,
    stop: async () => {
      stopped = true;
      cancel();
      await looking;
    },
  };
};
