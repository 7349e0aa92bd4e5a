/** Reads that nothing depends on: they take a turn only when it would have been left unused. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';

/** Times are those of the clock that only grows. */
export interface SpareReads {
  /** Whom to read now; none: nobody is due. The one it names counts as read from now on. */
  readonly next: (nowMs: number) => O.Option<ConferenceId>;
  /** When somebody becomes due; none: nobody will by itself. */
  readonly dueMs: IO<O.Option<number>>;
}

export const noSpareReads: SpareReads = { next: () => O.none, dueMs: () => O.none };
