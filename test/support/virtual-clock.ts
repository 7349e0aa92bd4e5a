/**
 * Time that passes only when a test says so. Timers run in the order of their time, and whatever one of them
 * sets off comes to rest before the next one runs: promises, as long as nothing outside the process is awaited.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/time/clock.js';

export interface VirtualClock extends Clock {
  /** Lets so much time pass. */
  readonly pass: (byMs: number) => Promise<void>;
  /** Lets time pass from timer to timer until this is so. Bounded: it must become so. */
  readonly passUntil: (isDone: () => boolean) => Promise<void>;
  /** What people do to a clock: only the epoch moves. */
  readonly setBack: (byMs: number) => void;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

const startEpochMs = 1_700_000_000_000;
const mostTimers = 20_000;

export const makeVirtualClock = (): VirtualClock => {
  let elapsedMs = 0;
  let setBackMs = 0;
  let timers: readonly Timer[] = [];

  const next = (): Timer | undefined =>
    timers.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.dueMs < first.dueMs ? timer : first),
      undefined,
    );

  const fire = async (timer: Timer): Promise<void> => {
    timers = timers.filter((other) => other !== timer);
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    timer.run();
    await setImmediate();
  };

  return {
    now: () => startEpochMs + Math.floor(elapsedMs) - setBackMs,
    elapsed: () => elapsedMs,
    after: (delayMs, run) => {
      const timer = { dueMs: elapsedMs + delayMs, run };
      timers = [...timers, timer];
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass: async (byMs) => {
      const endMs = elapsedMs + byMs;
      await setImmediate();
      for (let timer = next(); timer !== undefined && timer.dueMs <= endMs; timer = next()) await fire(timer);
      elapsedMs = endMs;
    },
    passUntil: async (isDone) => {
      await setImmediate();
      for (let fired = 0; !isDone(); fired += 1) {
        const timer = next();
        if (timer === undefined || fired === mostTimers) throw new Error('it never becomes so');
        await fire(timer);
      }
    },
    setBack: (byMs) => {
      setBackMs += byMs;
    },
  };
};
