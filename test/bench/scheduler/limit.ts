/**
 * The limit of the API over time: so many calls a second from a moment on. It takes a call when an interval has
 * passed since the last one that it took; what it refuses does not count. Pure; times are milliseconds since the
 * start.
 */

/** The first one is from 0; in order. */
export type Limit = readonly LimitStep[];

export interface LimitStep {
  readonly fromMs: number;
  readonly perSecond: number;
}

/** Milliseconds from one call to the next that the API asks for at this moment. */
export const intervalAtMs = (limit: Limit, atMs: number): number =>
  1000 / (limit.findLast(({ fromMs }) => fromMs <= atMs)?.perSecond ?? Infinity);

/** The first moment after a call that was taken at `takenMs` at which another one is taken. */
export const freeAtMs = (limit: Limit, takenMs: number): number => {
  for (const [index, { fromMs, perSecond }] of limit.entries()) {
    const untilMs = limit[index + 1]?.fromMs ?? Infinity;
    const freeMs = Math.max(fromMs, takenMs + 1000 / perSecond);
    if (freeMs < untilMs) return freeMs;
  }
  return 0;
};

/** How many calls the API would take from one moment to another, both included, after one at `takenMs`. */
export const turnsBetween = (limit: Limit, takenMs: number, fromMs: number, toMs: number): number => {
  let turns = 0;
  for (
    let atMs = Math.max(fromMs, freeAtMs(limit, takenMs));
    atMs <= toMs + roundingMs;
    atMs = freeAtMs(limit, atMs)
  )
    turns += 1;
  return turns;
};

/** Adding intervals up is not exact. */
export const roundingMs = 0.001;
