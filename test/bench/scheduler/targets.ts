/** What holdfast promises of its scheduler, held against the figures. Pure. */
import type { Comparison, Figures } from './figures.js';
import type { Workload } from './workload.js';

export interface Verdict {
  readonly target: string;
  readonly workload: string;
  readonly perSecond: number;
  readonly measured: string;
  readonly met: boolean;
}

/** Timers and answers vary by the same milliseconds, whatever the interval. */
const leastBudgetUsed = (perSecond: number): number => (perSecond <= 1 ? 0.98 : 0.95);
const mostIntervals = 2;

export const verdictsOn = ({ workload, oracle, others }: Comparison): readonly Verdict[] => {
  const [own] = others;
  // A limit that changes has to be found out first: its figures are shown, and nothing is promised.
  if (own === undefined || workload.limit.length > 1) return [];
  const verdict = (target: string, measured: string, met: boolean): Verdict => ({
    target,
    workload: workload.name,
    perSecond: workload.perSecond,
    measured,
    met,
  });
  const least = leastBudgetUsed(workload.perSecond);
  return [
    ...(workload.faults.size > 0
      ? []
      : [
          verdict(
            'calls over the fewest possible 1.00',
            (own.calls / oracle.calls).toFixed(3),
            own.calls === oracle.calls,
          ),
        ]),
    verdict(
      `budget used at least ${least * 100} % while work waits`,
      `${(own.budgetUsed * 100).toFixed(2)} %`,
      own.budgetUsed >= least,
    ),
    verdict('no 429 of our own making', String(own.limited), own.limited === 0),
    ...delayVerdicts(workload, own, verdict),
  ];
};

const delayVerdicts = (
  { watched }: Workload,
  { delay }: Figures,
  verdict: (target: string, measured: string, met: boolean) => Verdict,
): readonly Verdict[] => {
  if (delay === undefined) return [];
  const measured = `${delay.longest.toFixed(2)} at most`;
  const met = delay.longest <= mostIntervals;
  switch (watched._tag) {
    case 'Nothing':
      return [];
    case 'LaneOne':
      return [verdict('a lane-1 change behind waiting edits leaves within two intervals', measured, met)];
    case 'Healthy':
      return [
        verdict('a healthy change among failing conferences leaves within two intervals', measured, met),
      ];
  }
};
