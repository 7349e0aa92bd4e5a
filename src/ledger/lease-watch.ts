/**
 * Takes a lease of which it is not certain that its holder lives: tries again until it can be had, or somebody
 * shows that it cannot. `lease.ts` has the rules; how a lease is read and taken is the store's.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Clock } from '../time/clock.js';
import type { Lease } from './lease.js';
import type { Holder, LedgerError } from './store.js';

/** A lease, and when it had been read by the monotonic clock. */
export interface Seen {
  readonly lease: Lease;
  readonly atMs: number;
}

/** The lease could not be taken yet. `held` is the answer to whoever does not want to know more. */
export interface Undecided {
  readonly _tag: 'Undecided';
  readonly lease: Lease;
  readonly held: Extract<LedgerError, { readonly _tag: 'Held' }>;
}

export interface WatchOptions {
  readonly clock: Pick<Clock, 'elapsed' | 'after'>;
  /** Runs once, when it is not certain whether the holder lives. `giveUp` ends the waiting at once: then it is held. */
  readonly onWait: (holder: Holder, giveUp: IO<void>) => void;
}

const pollMs = 500;

/** `attempt` is told what was seen first; it must look, judge and take in one transaction. */
export const takeWatching = async <A>(
  attempt: (first: O.Option<Seen>) => Promise<E.Either<LedgerError | Undecided, A>>,
  { clock, onWait }: WatchOptions,
): Promise<E.Either<LedgerError, A>> => {
  let first: O.Option<Seen> = O.none;
  const patience: Patience = { isOver: false, end: () => undefined };
  for (;;) {
    const result = await attempt(first);
    if (E.isRight(result)) return result;
    const { left } = result;
    if (left._tag !== 'Undecided') return E.left(left);
    if (O.isNone(first)) {
      first = O.some({ lease: left.lease, atMs: clock.elapsed() });
      onWait(left.held.holder, () => {
        patience.isOver = true;
        patience.end();
      });
    }
    await pause(patience, clock);
    if (patience.isOver) return E.left(left.held);
  }
};

interface Patience {
  isOver: boolean;
  /** Ends the pause that is under way. */
  end: IO<void>;
}

const pause = (patience: Patience, clock: WatchOptions['clock']): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(pollMs, resolve);
    patience.end = () => {
      cancel();
      resolve();
    };
    if (patience.isOver) patience.end();
  });
