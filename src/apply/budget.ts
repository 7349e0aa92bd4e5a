/**
 * The call budget of the account: when the next call may leave. Pure; times are milliseconds of a clock that
 * only grows.
 *
 * The API counts when calls arrive, and we know only when they left and when they were answered. A call arrived
 * at the latest when its answer came less the shortest journey ever seen, and the next one leaves an interval
 * after that: a slow call does not make the next one come too early. While a call has no answer, the time it
 * left has to do.
 *
 * A 429 means that the real limit is lower than ours, or shared with somebody: nothing leaves before the moment
 * it names, and the interval grows to what was observed. Successes let it shrink again, slowly, so that a limit
 * that was raised is found; each time that was too much, it takes twice as many of them, so that a limit that
 * stays causes hardly any 429.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { LearnedBudget, Rate } from '../ledger/store.js';

export interface Budget {
  /** The interval that was asked for; 0 is unlimited. */
  readonly configuredMs: number;
  readonly intervalMs: number;
  readonly lastLeftMs: O.Option<number>;
  /** When the latest answered call arrived at the latest. */
  readonly lastArrivedMs: O.Option<number>;
  /** The shortest time from leaving to answer; none until a call was answered. */
  readonly shortestMs: O.Option<number>;
  readonly notBeforeMs: number;
  readonly successes: number;
  /** So many successes let the interval shrink for the first time after a 429. */
  readonly successesNeeded: number;
  /** It has shrunk since the last 429: the next one says that this was too much. */
  readonly isProbing: boolean;
  /** Calls that have left and have no answer yet. */
  readonly unanswered: number;
}

/** Clocks and timers are not exact: this is added so that the API sees the whole interval. */
const marginShare = 0.005;
const leastMarginMs = 2;

/** While a call has no answer, it may have been slow on its way: the next one leaves a little later still. */
const slackShare = 0.04;
const longestSlackMs = 12;

const longestIntervalMs = 60_000;
/** How long to wait after a 429 that does not say. */
const unknownResetMs = 1_000;
const fewestSuccesses = 50;
const mostSuccesses = fewestSuccesses * 2 ** 10;
/** What is too fast is refused at once: that so many more were taken means that it is not. */
const successesWhileProbing = 10;
const fasterFactor = 0.8;

/** `learned`: what the API granted when it was last asked. */
export const makeBudget = (rate: Rate, learned: O.Option<LearnedBudget> = O.none): Budget => {
  const configuredMs = rate === 'unlimited' ? 0 : withMargin(1000 / rate);
  const learnedMs = O.isSome(learned) ? Math.min(learned.value.intervalMs, longestIntervalMs) : 0;
  return {
    configuredMs,
    intervalMs: Math.max(configuredMs, learnedMs),
    lastLeftMs: O.none,
    lastArrivedMs: O.none,
    shortestMs: O.none,
    notBeforeMs: 0,
    successes: 0,
    successesNeeded: fewestSuccesses,
    isProbing: false,
    unanswered: 0,
  };
};

/** What is worth remembering; none: the API grants what was asked for, as far as is known. */
export const learnedIn = ({ intervalMs, configuredMs }: Budget, nowMs: number): O.Option<LearnedBudget> =>
  intervalMs > configuredMs ? O.some({ intervalMs, learnedAtMs: nowMs }) : O.none;

const withMargin = (intervalMs: number): number =>
  intervalMs + Math.max(leastMarginMs, intervalMs * marginShare);

/** The moment from which a call may leave. */
export const readyAtMs = ({ notBeforeMs, intervalMs, lastLeftMs, lastArrivedMs }: Budget): number => {
  const leftMs = O.getOrElse(() => Number.NEGATIVE_INFINITY)(lastLeftMs);
  const arrivedMs = O.getOrElse(() => Number.NEGATIVE_INFINITY)(lastArrivedMs);
  const slackMs = arrivedMs >= leftMs ? 0 : Math.min(longestSlackMs, intervalMs * slackShare);
  return Math.max(0, notBeforeMs, leftMs + intervalMs + slackMs, arrivedMs + intervalMs);
};

/** A turn is taken now. Its call may still be withheld. */
export const spend = (budget: Budget, nowMs: number): Budget => ({ ...budget, lastLeftMs: O.some(nowMs) });

/** The call of the turn that was taken last leaves now. */
export const leaves = (budget: Budget, nowMs: number): Budget => ({
  ...spend(budget, nowMs),
  unanswered: budget.unanswered + 1,
});

/** An answer came now, to a call that left `durationMs` ago. */
export const answered = (budget: Budget, nowMs: number, durationMs: number): Budget => {
  const { shortestMs, lastArrivedMs } = budget;
  // The first journey may have been slow on the way there: nothing says yet how short one can be.
  const arrivedMs = O.isSome(shortestMs) ? nowMs - Math.min(shortestMs.value, durationMs) : nowMs;
  return {
    ...lost(budget),
    shortestMs: O.some(Math.min(durationMs, O.getOrElse(() => durationMs)(shortestMs))),
    lastArrivedMs: O.some(Math.max(arrivedMs, O.getOrElse(() => arrivedMs)(lastArrivedMs))),
  };
};

/** No answer will come, and nobody knows when the call arrived. */
export const lost = (budget: Budget): Budget => ({
  ...budget,
  unanswered: Math.max(0, budget.unanswered - 1),
});

/** The API took a call without objecting to the rate. */
export const succeeded = (budget: Budget): Budget => {
  const { configuredMs, intervalMs, isProbing, successesNeeded } = budget;
  const successes = budget.successes + 1;
  if (intervalMs === configuredMs || successes < (isProbing ? successesWhileProbing : successesNeeded))
    return { ...budget, successes };
  return {
    ...budget,
    successes: 0,
    // What held was not too much.
    successesNeeded: isProbing ? fewestSuccesses : successesNeeded,
    isProbing: true,
    intervalMs: Math.max(configuredMs, intervalMs * fasterFactor),
  };
};

/** The API refused a call that left `durationMs` ago, for `waitMs` more milliseconds; none: it did not say. */
export const limited = (budget: Budget, nowMs: number, waitMs: O.Option<number>, durationMs = 0): Budget => {
  const unknownMs = Math.max(unknownResetMs, budget.intervalMs);
  const resetMs = resetAfter(budget, { nowMs, leftMs: nowMs - durationMs }, waitMs);
  const wait = Math.max(0, O.getOrElse(() => unknownMs)(waitMs));
  return {
    ...lost(budget),
    successes: 0,
    successesNeeded: budget.isProbing
      ? Math.min(mostSuccesses, 2 * budget.successesNeeded)
      : budget.successesNeeded,
    isProbing: false,
    notBeforeMs: Math.max(budget.notBeforeMs, nowMs + wait),
    intervalMs: Math.max(budget.intervalMs, observedMs(budget, resetMs)),
  };
};

/**
 * When the API takes the next call. It named the moment when the call had just arrived; by the time we hear of it,
 * the process may have stood still. A moment before the call left tells nothing.
 */
const resetAfter = (
  { intervalMs, shortestMs }: Budget,
  { nowMs, leftMs }: { readonly nowMs: number; readonly leftMs: number },
  waitMs: O.Option<number>,
): number => {
  if (O.isSome(waitMs) && waitMs.value > 0)
    return leftMs + Math.min(nowMs - leftMs, O.getOrElse(() => nowMs - leftMs)(shortestMs)) + waitMs.value;
  return O.isSome(waitMs) && nowMs + waitMs.value > leftMs
    ? nowMs + waitMs.value
    : leftMs + Math.max(unknownResetMs, intervalMs);
};

/**
 * The interval the API really grants: from the last call it took to the moment it takes the next. Calls without an
 * answer may have been taken between. After a pause it says nothing, because then somebody else has used the budget;
 * nor does a moment that is too far away for an interval: that is a ban, or a wrong clock, and is waited for once.
 */
const observedMs = (
  { lastLeftMs, lastArrivedMs, intervalMs, unanswered }: Budget,
  resetMs: number,
): number => {
  if (O.isNone(lastLeftMs) || O.isNone(lastArrivedMs)) return 0;
  const pausedMs = lastLeftMs.value - lastArrivedMs.value;
  const seenMs = (resetMs - lastArrivedMs.value) / Math.max(1, unanswered);
  return pausedMs > 2 * Math.max(intervalMs, unknownResetMs) || seenMs > longestIntervalMs
    ? 0
    : Math.min(withMargin(seenMs), longestIntervalMs);
};
