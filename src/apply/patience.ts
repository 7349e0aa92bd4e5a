/**
 * How long to go on trying: `untilReported` for one apply, `forever` for the daemon. Pure; the randomness of
 * the jitter is handed in.
 *
 * Law: the delay grows with the attempts, up to its cap, and jitter never makes it longer than the cap.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Failure } from '../catapult/answer.js';

/** The failures that are about one conference. The others are about the account. */
export type ConferenceFailure = Exclude<Failure, AccountFailure>;

/** Wrong credentials, wrong endpoint, nobody there: what happens to one call happens to all of them. */
export type AccountFailure = Extract<Failure, { _tag: 'Denied' | 'Unsent' }>;

/** What may be wrong with the account or the API, and not with one conference. */
export type OutageFailure = AccountFailure | Extract<Failure, { _tag: 'InDoubt' }>;

export interface Tries {
  /** Calls made so far, the failed one included. */
  readonly attempts: number;
  readonly backedOffMs: number;
  /** 429s in a row, this one included. */
  readonly limits: number;
}

export interface Patience {
  /** Milliseconds until the conference is tried again; none: leave it as it is. */
  readonly retryAfterMs: (failure: ConferenceFailure, tries: Tries, random: number) => O.Option<number>;
  /** Milliseconds until one call may find out whether the account works again; none: stop. */
  readonly probeAfterMs: (failure: OutageFailure, probes: number, random: number) => O.Option<number>;
  /** Several conferences in a row that are answered with nothing but errors are an outage. */
  readonly errorsMayBeOutage: boolean;
  /** Milliseconds until a conference that people are in is looked at again; none: one look is enough. */
  readonly audiencePollMs: O.Option<number>;
  /** Milliseconds until a state that cannot be written is tried again; none: stop. */
  readonly ledgerRetryMs: O.Option<number>;
}

export const isAccountFailure = (failure: Failure): failure is AccountFailure =>
  failure._tag === 'Denied' || failure._tag === 'Unsent';

export const isOutageFailure = (failure: Failure): failure is OutageFailure =>
  isAccountFailure(failure) || failure._tag === 'InDoubt';

const maxAttempts = 5;
const maxBackedOffMs = 30_000;
const maxLimits = 60;
/** The budget has learned by then: one that is refused more often in a row is refused for itself. */
export const limitsBeforeAlone = 5;
const aloneRetryMs = 60_000;
const missingRetryMs = 15 * 60_000;

export const untilReported: Patience = {
  retryAfterMs: (failure, { attempts, backedOffMs, limits }, random) => {
    switch (failure._tag) {
      case 'Conflict':
      case 'InDoubt': {
        const delayMs = backoffMs(attempts, 8_000, random);
        return attempts < maxAttempts && backedOffMs + delayMs <= maxBackedOffMs ? O.some(delayMs) : O.none;
      }
      case 'Limited':
        return limits < maxLimits ? O.some(0) : O.none;
      case 'Rejected':
      case 'Ended':
      case 'Missing':
        return O.none;
    }
  },
  probeAfterMs: (failure, probes, random) =>
    failure._tag === 'Denied' || probes >= maxAttempts ? O.none : O.some(backoffMs(probes, 8_000, random)),
  errorsMayBeOutage: false,
  audiencePollMs: O.none,
  ledgerRetryMs: O.none,
};

export const forever: Patience = {
  retryAfterMs: (failure, { attempts, limits }, random) => {
    switch (failure._tag) {
      case 'Conflict':
      case 'InDoubt':
        return O.some(backoffMs(attempts, 5 * 60_000, random));
      case 'Limited':
        return O.some(
          limits <= limitsBeforeAlone ? 0 : backoffMs(limits - limitsBeforeAlone, aloneRetryMs, random),
        );
      case 'Missing':
        return O.some(missingRetryMs * (1 + random / 10));
      case 'Rejected':
      case 'Ended':
        return O.none;
    }
  },
  probeAfterMs: (failure, probes, random) =>
    O.some(
      failure._tag === 'Denied'
        ? backoffMs(probes + 2, 5 * 60_000, random)
        : backoffMs(probes, 30_000, random),
    ),
  errorsMayBeOutage: true,
  audiencePollMs: O.some(15_000),
  ledgerRetryMs: O.some(1_000),
};

/** 1 s, 2 s, 4 s … up to the cap, of which the upper half is jitter. `random` is from 0 to 1. */
export const backoffMs = (attempts: number, capMs: number, random: number): number =>
  Math.min(capMs, 1000 * 2 ** Math.max(0, attempts - 1)) * (0.5 + random / 2);
