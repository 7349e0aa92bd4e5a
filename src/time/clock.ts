import type { IO } from 'fp-ts/lib/IO.js';

/** Time, injected so that tests and simulations decide what it is. */
export interface Clock {
  /** Epoch milliseconds. May jump in both directions. */
  readonly now: IO<number>;
  /** Milliseconds that only ever grow, from an arbitrary start: for intervals. */
  readonly elapsed: IO<number>;
  /** Runs something once, later. Returns what cancels it. */
  readonly after: (delayMs: number, run: IO<void>) => IO<void>;
}
