/** What keeps the remote from being what is declared, but belongs to no single conference. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { OutageFailure } from '../apply/patience.js';
import { isError, type Problem } from '../desired/problem.js';
import type { Alert } from '../ledger/store.js';
import type { Obstacle } from '../source/observation.js';
import { contestedWords, type Contested } from '../plan/drifted.js';
import type { Remark } from '../plan/plan.js';

export interface Hindrances {
  readonly problems: readonly Problem[];
  readonly obstacles: readonly Obstacle[];
  /** By a safety check, or because of the people in it. */
  readonly refused: readonly Remark[];
  readonly contested: readonly Contested[];
  readonly paused: O.Option<OutageFailure>;
}

/** An alert that was there before keeps its time. */
export const alertsFrom = (
  { problems, obstacles, refused, contested, paused }: Hindrances,
  before: readonly Alert[],
  nowMs: number,
): readonly Alert[] => {
  const alerts: readonly Omit<Alert, 'sinceMs'>[] = [
    ...problems.filter(isError).map(({ message, at, commit }) => ({
      kind: 'invalid' as const,
      message,
      at: O.some(at),
      commit: O.fromNullable(commit),
    })),
    ...obstacles.map((obstacle) => ({ ...obstacle, at: O.none })),
    ...refused.map(({ conference, message, at }) => ({
      kind: 'refused' as const,
      message: `${conference}: ${message}`,
      at,
      commit: O.none,
    })),
    ...contested.map(({ conference, drifted, at }) => ({
      kind: 'contested' as const,
      message: `${conference}: ${contestedWords(drifted)}`,
      at: O.some(at),
      commit: O.none,
    })),
    ...(O.isSome(paused) ? [accountAlert(paused.value)] : []),
  ];
  const since = new Map(before.map((alert) => [subjectOf(alert), alert.sinceMs]));
  return alerts.map((alert) => ({ ...alert, sinceMs: since.get(subjectOf(alert)) ?? nowMs }));
};

const accountAlert = ({ _tag, evidence }: OutageFailure): Omit<Alert, 'sinceMs'> => ({
  kind: _tag === 'Denied' ? 'denied' : 'unreachable',
  message: _tag === 'InDoubt' ? `nothing but errors: ${evidence.message}` : evidence.message,
  at: O.none,
  commit: O.none,
});

// It stays the same alert, however many people are in it meanwhile or whatever somebody sets. No id has a colon.
const subjectOf = ({ kind, message }: Pick<Alert, 'kind' | 'message'>): string => {
  switch (kind) {
    case 'refused':
    case 'contested':
      return `${kind} ${message.slice(0, message.indexOf(':'))}`;
    case 'unfetched':
    case 'rewound':
    case 'unsigned':
      return kind;
    case 'invalid':
    case 'denied':
    case 'unreachable':
      return `${kind} ${message}`;
  }
};
