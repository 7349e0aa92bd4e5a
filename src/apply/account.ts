/** Whether the account works, as the calls made so far tell: the breaker, its clock, and who is told of it. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Clock } from '../time/clock.js';
import { answered, closedBreaker, failed, forgiven, isItsOwn, type Breaker, type Outage } from './breaker.js';
import type { OutageFailure, Patience } from './patience.js';

export interface Account {
  /** 0, or the moment of the next probe. */
  readonly openAtMs: IO<number>;
  /** How many calls may be under way. */
  readonly slots: IO<number>;
  readonly outage: IO<O.Option<OutageFailure>>;
  /** The API answered a call for this conference. */
  readonly answered: (conference: ConferenceId) => void;
  /** A call for it failed that took so long. */
  readonly failed: (failure: OutageFailure, conference: ConferenceId, durationMs: number) => Verdict;
  /** Nothing waits that could find out whether it works. */
  readonly forgive: IO<void>;
}

/** `conference`: it is about this one alone. `account`: about all of them. `over`: it is not tried again. */
export type Verdict = 'conference' | 'account' | 'over';

export interface AccountDeps {
  readonly clock: Clock;
  readonly random: IO<number>;
  readonly patience: Pick<Patience, 'probeAfterMs'>;
  /** Something waits that was never tried, and came after the last first attempt had left. */
  readonly hasNews: IO<boolean>;
  readonly onOutage: (failure: OutageFailure) => void;
  /** `answered`: the API did; otherwise nobody is left to find out. `failing`: whose calls failed meanwhile. */
  readonly onOver: (answered: boolean, failing: ReadonlySet<ConferenceId>) => void;
}

/** Calls under way at once, at most: enough to fill any latency, and few enough to lose little when killed. */
export const maxUnderWay = 40;

export const makeAccount = (deps: AccountDeps): Account => {
  const { clock, random, patience } = deps;
  let breaker = closedBreaker;

  // Where the API takes calls and only answers badly, the conferences before may have been to blame for it.
  const mayProbeAtOnce = (): boolean =>
    O.exists(({ failure }: Outage) => failure._tag === 'InDoubt')(breaker.outage) && deps.hasNews();

  const change = (next: Breaker, isAnswered: boolean): void => {
    const before = breaker;
    breaker = next;
    const isNews = O.toUndefined(causeOf(next))?._tag !== O.toUndefined(causeOf(before))?._tag;
    if (!isNews) return;
    if (O.isSome(next.outage)) deps.onOutage(next.outage.value.failure);
    else deps.onOver(isAnswered, before.failing);
  };

  return {
    openAtMs: () => (O.isNone(breaker.outage) || mayProbeAtOnce() ? 0 : breaker.outage.value.probeAtMs),
    // What left before the outage may go without an answer for long.
    slots: () => (O.isNone(breaker.outage) || mayProbeAtOnce() ? maxUnderWay : 1),
    outage: () => causeOf(breaker),
    answered: (conference) => {
      change(answered(breaker, conference), true);
    },
    failed: (failure, conference, durationMs) => {
      if (isItsOwn(breaker, failure, conference)) return 'conference';
      const nowMs = clock.elapsed();
      const next = failed(
        breaker,
        failure,
        conference,
        { leftMs: nowMs - durationMs, nowMs },
        (cause, probes) => patience.probeAfterMs(cause, probes, random()),
      );
      if (O.isNone(next)) return 'over';
      change(next.value, false);
      return 'account';
    },
    forgive: () => {
      change(forgiven(breaker), false);
    },
  };
};

const causeOf = ({ outage }: Breaker): O.Option<OutageFailure> =>
  O.map(({ failure }: Outage) => failure)(outage);
