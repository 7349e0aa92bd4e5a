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

/** Epoch milliseconds of our clock, from `nowMs` to `nowMs + longestResetMs`; none: the answer does not say. */
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

// A time that has passed or is far ahead by our clock may still be a sensible one by the clock of the API.
const waitMs = (resetMs: number, nowMs: number, date: O.Option<string>): number => {
  const byOurClock = resetMs - nowMs;
  if (isSensible(byOurClock)) return byOurClock;
  const byTheirClock = O.isSome(date) ? resetMs - Date.parse(date.value) : Number.NaN;
  return isSensible(byTheirClock) ? byTheirClock : Math.min(Math.max(byOurClock, 0), longestResetMs);
};

const isSensible = (ms: number): boolean => ms > 0 && ms <= longestResetMs;
