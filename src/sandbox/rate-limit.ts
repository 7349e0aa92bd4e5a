/**
 * The API's rate limit as documented: one call in so many milliseconds, a refused call is not executed, and
 * the answer names the moment from which the next one is allowed. There is no burst.
 */
import type { Assumptions } from '../catapult/assumptions.js';

/** Calls per second. */
export type Rate = number | 'unlimited';

/** One of the API's endpoints, by the last noun of its path. */
export type Endpoint = 'conferences' | 'members' | 'audio';

export interface Admission {
  readonly allowed: boolean;
  /** When the next call is allowed, epoch ms, a whole number. */
  readonly resetAtMs: number;
  /** What to remember as the start of the interval. */
  readonly intervalStartMs: number;
}

/** `intervalStartMs` is what the scope's last admission said; -Infinity when there was none. */
export const admit = (
  intervalStartMs: number,
  nowMs: number,
  rate: Rate,
  counts: Assumptions['rateCounts'],
): Admission => {
  const intervalMs = rate === 'unlimited' ? 0 : 1000 / rate;
  const allowed = nowMs - intervalStartMs >= intervalMs;
  const start = allowed || counts === 'every' ? nowMs : intervalStartMs;
  return { allowed, resetAtMs: Math.ceil(start + intervalMs), intervalStartMs: start };
};

/** Which calls share a limit. */
export const scopeOf = (
  userId: string,
  endpoint: Endpoint,
  method: string,
  scope: Assumptions['rateScope'],
): string => {
  switch (scope) {
    case 'account':
      return userId;
    case 'resource':
      return `${endpoint} ${userId}`;
    case 'method':
      return `${method} ${endpoint} ${userId}`;
  }
};
