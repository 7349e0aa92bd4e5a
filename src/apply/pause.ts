/**
 * What is wrong with the account stops all its calls: wrong credentials are refused for everybody, and a server
 * that is not there is there for nobody. One call at a time finds out whether it works again, for another
 * conference each time: when that one is answered, the refusal was about the first one alone. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { AccountFailure } from './patience.js';

export interface Pause {
  readonly failure: AccountFailure;
  /** Calls that failed in a row, one after the other. */
  readonly probes: number;
  readonly probeAtMs: number;
  /** When the last of them failed: a call that had left before says nothing new. */
  readonly failedAtMs: number;
  /** Whose calls were refused. */
  readonly refused: ReadonlySet<ConferenceId>;
}

/** How many calls in a row have failed, this one included; none: it left before the last failure was known. */
export const probesWith = (pause: O.Option<Pause>, leftMs: number): O.Option<number> => {
  if (O.isNone(pause)) return O.some(1);
  return leftMs < pause.value.failedAtMs ? O.none : O.some(pause.value.probes + 1);
};

/** The moment before which no call leaves. */
export const pausedUntilMs = (pause: O.Option<Pause>): number =>
  O.isSome(pause) ? pause.value.probeAtMs : 0;

export const failureOf = (pause: O.Option<Pause>): O.Option<AccountFailure> =>
  O.map(({ failure }: Pause) => failure)(pause);

export const refusedIn = (pause: O.Option<Pause>): ReadonlySet<ConferenceId> =>
  O.isSome(pause) ? pause.value.refused : new Set();
