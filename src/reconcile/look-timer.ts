/**
 * When to look at the declarations again. File events are hints: each asks for a look soon, after the writer
 * has had a moment to finish, and for another one a little later, because an event can come before the last
 * byte. Where a glimpse is enough at first, only that other look is taken: it waits for the hints to pause, but not
 * for long. Looks and glimpses never overlap.
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
/** Glimpses without a look between them are taken for so long. */
const longestGlimpsesMs = 10_000;
const never = Number.POSITIVE_INFINITY;

export interface Looks {
  readonly look: Task<void>;
  /** A look at what was hinted at. True: a look at everything may wait a little. */
  readonly glimpse: Task<boolean>;
}

export const makeLookTimer = (
  clock: Pick<Clock, 'elapsed' | 'after'>,
  { look, glimpse }: Looks,
): LookTimer => {
  let dueMs = never;
  let firstHintMs = never;
  /** When a look is due, whatever a glimpse finds. */
  let wholeMs = never;
  let firstGlimpseMs = never;
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
    const wasHinted = firstHintMs !== never;
    const isWhole = !wasHinted || clock.elapsed() >= Math.min(wholeMs, firstGlimpseMs + longestGlimpsesMs);
    dueMs = never;
    firstHintMs = never;
    looking = (isWhole ? lookAtAll() : glimpseOrLook()).then(() => {
      looking = undefined;
      if (wasHinted) arm(Math.min(dueMs, clock.elapsed() + lookAgainMs));
      else if (dueMs !== never) arm(dueMs);
    });
  };

  const lookAtAll = async (): Promise<void> => {
    wholeMs = never;
    firstGlimpseMs = never;
    await look();
  };

  const glimpseOrLook = async (): Promise<void> => {
    const beganMs = clock.elapsed();
    if (!(await glimpse())) return lookAtAll();
    firstGlimpseMs = Math.min(firstGlimpseMs, beganMs);
    arm(Math.min(dueMs, wholeMs));
  };

  const within = (delayMs: number): void => {
    wholeMs = Math.min(wholeMs, clock.elapsed() + delayMs);
    arm(Math.min(dueMs, wholeMs));
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
