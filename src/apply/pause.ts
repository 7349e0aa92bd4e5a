/**
 * What is wrong with the account stops all its calls: wrong credentials are refused for everybody, and a server
 * that is not there is there for nobody. One call at a time finds out whether it works again. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { AccountFailure } from './patience.js';

export interface Pause {
  readonly failure: AccountFailure;
  /** Calls that failed in a row. */
  readonly probes: number;
  readonly probeAtMs: number;
}

export const probesSoFar = (pause: O.Option<Pause>): number => (O.isSome(pause) ? pause.value.probes : 0);

/** The moment before which no call leaves. */
export const pausedUntilMs = (pause: O.Option<Pause>): number =>
  O.isSome(pause) ? pause.value.probeAtMs : 0;

export const failureOf = (pause: O.Option<Pause>): O.Option<AccountFailure> =>
  O.map(({ failure }: Pause) => failure)(pause);
