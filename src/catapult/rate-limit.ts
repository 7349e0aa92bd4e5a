/**
 * When the API takes calls again after a 429.
 *
 * The API's page on rate limits: `X-RateLimit-Reset` is epoch milliseconds, and the call was not executed.
 * Its text says "UNIX timestamp", so seconds are understood too. The body may repeat the time in its details,
 * and all of it may be absent.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';

/** No answer keeps us waiting longer than this, however wrong its clock or ours may be. */
export const longestResetMs = 15 * 60_000;

export interface ResetHint {
  readonly header: O.Option<string>;
  /** `rateLimitResetTime` of the body's details. */
  readonly detail: O.Option<string>;
  /** The `Date` header: the API's clock, to the second. */
  readonly date: O.Option<string>;
}

/**
 * Epoch milliseconds of our clock, at most `longestResetMs` away, and in the past when the answer took longer than
 * it asked to wait; none: the answer does not say.
 */
export const resetAt = (hint: ResetHint, nowMs: number): O.Option<number> =>
  pipe(
    O.chain(epochMs)(hint.header),
    O.alt(() => O.chain(epochMs)(hint.detail)),
    O.map((resetMs) => nowMs + waitMs(resetMs, nowMs, hint.date)),
  );

/** Numbers below 10^11 are seconds: as milliseconds they would be in 1973 at the latest. */
const epochMs = (text: string): O.Option<number> => {
  if (!/^\s*[0-9]{1,20}(\.[0-9]{1,9})?\s*$/.test(text)) return O.none;
  const value = Number(text);
  return O.some(Math.ceil(value < 1e11 ? value * 1000 : value));
};

// The `Date` header has no milliseconds, so that it is asked only when the clocks disagree, or ours makes no sense.
const waitMs = (resetMs: number, nowMs: number, date: O.Option<string>): number => {
  const byOurClock = resetMs - nowMs;
  const theirNowMs = O.isSome(date) ? Date.parse(date.value) : Number.NaN;
  const disagree = Math.abs(nowMs - theirNowMs) > agreeWithinMs || Math.abs(byOurClock) > longestResetMs;
  const byTheirClock = resetMs - theirNowMs;
  return disagree && byTheirClock > 0 && byTheirClock <= longestResetMs
    ? byTheirClock
    : Math.min(Math.max(byOurClock, -longestResetMs), longestResetMs);
};

const agreeWithinMs = 2_500;
