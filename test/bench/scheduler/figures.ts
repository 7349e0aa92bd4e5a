/** What a run comes to, by itself and beside the oracle. Pure. */
import { intervalAtMs, type Limit } from './limit.js';
import type { OracleRun } from './oracle.js';
import type { Measures } from './tally.js';
import type { Delay, Workload } from './workload.js';

export interface Comparison {
  readonly workload: Workload;
  readonly oracle: Figures;
  /** holdfast first, then the plain strategies. */
  readonly others: readonly Figures[];
}

export interface Figures {
  readonly strategy: string;
  readonly calls: number;
  /** From 0 to 1. */
  readonly budgetUsed: number;
  /** 429s. */
  readonly limited: number;
  /** In intervals of the limit at the time of the edit; absent: nothing is watched. */
  readonly delay?: DelayFigures;
  /** Infinity: not within a day. */
  readonly totalSeconds: number;
}

export interface DelayFigures {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

export const oracleFigures = ({ calls, totalMs, delays }: OracleRun, { limit }: Workload): Figures => ({
  strategy: 'oracle',
  calls,
  budgetUsed: 1,
  limited: 0,
  totalSeconds: totalMs / 1000,
  ...delayFigures(delays, limit),
});

export const figuresOf = (
  strategy: string,
  { calls, budgetUsed, limited, delays, totalMs }: Measures,
  { limit }: Workload,
): Figures => ({
  strategy,
  calls,
  budgetUsed,
  limited,
  totalSeconds: totalMs / 1000,
  ...delayFigures(delays, limit),
});

const delayFigures = (delays: readonly Delay[], limit: Limit): Pick<Figures, 'delay'> => {
  const intervals = delays
    .map(({ edit, delayMs }) => delayMs / intervalAtMs(limit, edit.atMs))
    .toSorted((left, right) => left - right);
  /** The smallest one that so large a share does not exceed. */
  const quantile = (share: number): number => intervals[Math.ceil(share * intervals.length) - 1] ?? 0;
  return intervals.length === 0
    ? {}
    : { delay: { p50: quantile(0.5), p99: quantile(0.99), longest: quantile(1) } };
};
