/**
 * When everything that can be done by itself has been done. It is told once, and again after there was
 * something to do, or when people have left whom it was settled without.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { DispatcherView } from '../apply/dispatch-event.js';
import type { ConferenceId } from '../conference/id.js';

export interface Settled {
  /** There is something to do. */
  readonly open: IO<void>;
  /** Something has ended, or nothing was found to do. */
  readonly check: IO<void>;
}

export const makeSettled = (view: IO<DispatcherView>, tell: IO<void>): Settled => {
  let told = true;
  /** Held back because of the people in them, when it was told. */
  let without: ReadonlySet<ConferenceId> = new Set();
  return {
    open: () => {
      told = false;
    },
    check: () => {
      const seen = view();
      const held = new Set(seen.refused.map(({ conference }) => conference));
      const isNews = !told || [...without].some((conference) => !held.has(conference));
      if (!isNews || seen.underWay > 0 || seen.backlog.open > 0) return;
      told = true;
      without = held;
      tell();
    },
  };
};
