/**
 * The history of calls has an end. It is cut in the commit of every thousandth call, so that no other pays for it,
 * and never by so much at once that a commit takes noticeably longer.
 *
 * The call that is being written stays, whatever the clock says: the next number is reckoned from the highest.
 */
import type { Database } from './sqlite-database.js';
import type { Call } from './store.js';

/** At one call per second, a day and some hours; most accounts never make as many. */
export const mostCalls = 100_000;

export const longestKeptMs = 400 * 24 * 60 * 60_000;

export const pruneEvery = 1_000;

/** More than are written until the next time, so that a history that is too long gets shorter. */
export const mostPruned = 10_000;

/** In the transaction of the caller. */
export const pruneCalls = (prepare: Database['prepare'], written: readonly Call[]): void => {
  const due = written.find(({ call }) => call % pruneEvery === 0);
  if (due === undefined) return;
  // Two ranges of two indexes: a condition with `or` would walk through the whole history.
  prepare(
    `delete from call where number in (
       select number from call where number <= ?
       union
       select number from call where started_at_ms < ? and number < ?
       order by number limit ?)`,
  ).run(due.call - mostCalls, due.startedAtMs - longestKeptMs, due.call, mostPruned);
};
