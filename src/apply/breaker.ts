/**
 * One breaker for the account. Wrong credentials are refused for everybody, a server that is not there is there
 * for nobody, and one that answers several conferences in a row with nothing but errors is down: all calls stop,
 * and one at a time finds out whether it works again, for another conference each time and ever more seldom.
 *
 * When a call is answered, the failures before it were about their conferences alone: these are suspects, whose
 * failures never open the breaker again until they are answered themselves.
 *
 * Pure; times are milliseconds of a clock that only grows.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { OutageFailure } from './patience.js';

export interface Breaker {
  readonly outage: O.Option<Outage>;
  readonly suspects: ReadonlySet<ConferenceId>;
  /** Whose calls failed since the last one that was answered. */
  readonly failing: ReadonlySet<ConferenceId>;
}

export interface Outage {
  readonly failure: OutageFailure;
  /** Calls that failed in a row, one after the other. */
  readonly probes: number;
  readonly probeAtMs: number;
  /** When the last of them failed: a call that had left before says nothing new. */
  readonly failedAtMs: number;
}

/** Milliseconds until the next probe after so many; none: give up. */
export type ProbeAfter = (failure: OutageFailure, probes: number) => O.Option<number>;

export const closedBreaker: Breaker = { outage: O.none, suspects: new Set(), failing: new Set() };

/** So many conferences in a row without a proper answer are no chance. */
const failingBeforeOutage = 3;

export const isOpen = ({ outage }: Breaker): boolean => O.isSome(outage);

/** The API answered a call for this conference, whatever it said. */
export const answered = (breaker: Breaker, conference: ConferenceId): Breaker => {
  const { outage, suspects, failing } = breaker;
  if (O.isNone(outage) && failing.size === 0 && !suspects.has(conference)) return breaker;
  const others = new Set([...suspects, ...failing]);
  others.delete(conference);
  return { outage: O.none, suspects: others, failing: new Set() };
};

/** Nothing waits that could find out. */
export const forgiven = (breaker: Breaker): Breaker => ({ ...breaker, outage: O.none, failing: new Set() });

/** The failure is about this conference alone. */
export const isItsOwn = ({ suspects }: Breaker, failure: OutageFailure, conference: ConferenceId): boolean =>
  failure._tag !== 'Unsent' && suspects.has(conference);

/** A call failed that had left at `leftMs`. none: it is given up. */
export const failed = (
  breaker: Breaker,
  failure: OutageFailure,
  conference: ConferenceId,
  { leftMs, nowMs }: { readonly leftMs: number; readonly nowMs: number },
  probeAfter: ProbeAfter,
): O.Option<Breaker> => {
  if (isItsOwn(breaker, failure, conference)) return O.some(breaker);
  const { outage } = breaker;
  const failing = failure._tag === 'Unsent' ? breaker.failing : new Set([...breaker.failing, conference]);
  const known = { ...breaker, failing };
  if (O.isSome(outage) ? leftMs < outage.value.failedAtMs : mayBeChance(failure, failing))
    return O.some(known);
  const probes = O.isSome(outage) ? outage.value.probes + 1 : 1;
  return O.map(
    (waitMs: number): Breaker => ({
      ...known,
      outage: O.some({ failure, probes, probeAtMs: nowMs + waitMs, failedAtMs: nowMs }),
    }),
  )(probeAfter(failure, probes));
};

const mayBeChance = ({ _tag }: OutageFailure, failing: ReadonlySet<ConferenceId>): boolean =>
  _tag === 'InDoubt' && failing.size < failingBeforeOutage;
