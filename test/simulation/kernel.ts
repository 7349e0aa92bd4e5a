/**
 * Time and order. Everything that happens in a simulated world is an event here: a timer that fires, a page that
 * reaches the disk, a request that arrives. One event is one step; what it sets off inside a process comes to
 * rest before the next one. Events of a process that was killed never happen, and those of one that is frozen
 * wait until it goes on.
 *
 * The same scenario gives the same steps in the same order: nothing outside is awaited.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import { luck } from './random.js';

/** What a killed process takes with it. */
export interface Owner {
  readonly name: string;
  alive: boolean;
  frozenUntilMs: number;
}

export interface Kernel {
  readonly elapsedMs: () => number;
  readonly steps: () => number;
  /** Runs something once, later. Returns what cancels it. `owner` absent: the world outside the processes. */
  readonly after: (delayMs: number, what: string, run: IO<void>, owner?: Owner) => IO<void>;
  /** The next event; false: there is none. */
  readonly step: () => Promise<boolean>;
}

interface Event {
  atMs: number;
  readonly order: number;
  readonly what: string;
  readonly run: IO<void>;
  readonly owner: Owner | undefined;
}

export const makeKernel = (seed: number, trace: (line: () => string) => void): Kernel => {
  let elapsedMs = 0;
  let steps = 0;
  let scheduled = 0;
  const events: Event[] = [];

  const cancel = (event: Event): void => {
    const index = events.indexOf(event);
    if (index >= 0) removeAt(events, index);
  };

  const nextIndex = (): number => {
    let best = -1;
    let bestEvent: Event | undefined;
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const event = events[index];
      if (event === undefined) continue;
      if (event.owner?.alive === false) {
        removeAt(events, index);
        if (best === events.length) best = index;
        continue;
      }
      if (event.owner !== undefined && event.atMs < event.owner.frozenUntilMs) {
        event.atMs = event.owner.frozenUntilMs;
      }
      if (bestEvent === undefined || isBefore(event, bestEvent)) {
        best = index;
        bestEvent = event;
      }
    }
    return best;
  };

  return {
    elapsedMs: () => elapsedMs,
    steps: () => steps,
    after: (delayMs, what, run, owner) => {
      scheduled += 1;
      const atMs = elapsedMs + Math.max(0, delayMs);
      const event: Event = { atMs, order: luck(seed, 'order', scheduled), what, run, owner };
      events.push(event);
      return () => {
        cancel(event);
      };
    },
    step: async () => {
      const index = nextIndex();
      const event = events[index];
      if (event === undefined) return false;
      removeAt(events, index);
      elapsedMs = Math.max(elapsedMs, event.atMs);
      steps += 1;
      trace(
        () => `${(elapsedMs / 1000).toFixed(4)} #${steps} ${event.owner?.name ?? 'world'}: ${event.what}`,
      );
      event.run();
      await atRest();
      return true;
    },
  };
};

/** Promises that are ready have run when the event loop comes round. */
const atRest = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** At the same moment chance decides. */
const isBefore = (left: Event, right: Event): boolean =>
  left.atMs === right.atMs ? left.order < right.order : left.atMs < right.atMs;

/** The order of the list means nothing. */
const removeAt = (events: Event[], index: number): void => {
  const last = events.pop();
  if (last !== undefined && index < events.length) events[index] = last;
};
