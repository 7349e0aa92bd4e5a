/**
 * How many requests are under way at once. Where the budget is no limit, more calls are taken than may be under way:
 * their intents are durable when an answer makes room for the next request, which then waits for nothing.
 *
 * Who waits goes in the order in which it came, but for those that may not wait for long.
 */
import type { IO } from 'fp-ts/lib/IO.js';

export interface Wire {
  /** For one request, which may never be made. */
  readonly place: IO<Place>;
}

export interface Place {
  /** Resolves when there is room, which is then taken. True: that took some time. */
  readonly take: (isUrgent: boolean) => Promise<boolean>;
  /** Gives the room back, if it was taken and not given back before. */
  readonly leave: IO<void>;
}

export const makeWire = (most: number): Wire => {
  const urgent: IO<void>[] = [];
  const usual: IO<void>[] = [];
  let taken = 0;
  const free = (): void => {
    const next = urgent.shift() ?? usual.shift();
    // Whoever is next takes over the room.
    if (next === undefined) taken -= 1;
    else next();
  };
  return {
    place: () => {
      let isTaken = false;
      return {
        take: async (isUrgent) => {
          const hasToWait = taken === most;
          if (hasToWait) await new Promise<void>((resolve) => (isUrgent ? urgent : usual).push(resolve));
          else taken += 1;
          isTaken = true;
          return hasToWait;
        },
        leave: () => {
          if (isTaken) free();
          isTaken = false;
        },
      };
    },
  };
};
