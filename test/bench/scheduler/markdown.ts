/** The figures as they stand in `docs/scheduler.md`. Pure. */
import type { Comparison, DelayFigures, Figures } from './figures.js';
import type { Verdict } from './targets.js';

export const figuresMarkdown = (comparisons: readonly Comparison[]): string =>
  [
    '| workload | calls | budget used | 429s | time | delay p50, p99 |',
    '|---|---|---|---|---|---|',
    ...comparisons.map(
      ({ workload, oracle, others }) =>
        `| ${[
          `${workload.name}, ${workload.perSecond}/s`,
          listed(others, ({ calls }) => (calls / oracle.calls).toFixed(2)),
          listed(others, ({ budgetUsed }) => `${(budgetUsed * 100).toFixed(0)} %`),
          listed(others, ({ limited }) => String(limited)),
          listed(others, ({ totalSeconds }) => (totalSeconds / oracle.totalSeconds).toFixed(2)),
          delayCell(oracle, others),
        ].join(' | ')} |`,
    ),
    '',
  ].join('\n');

/** One line for a target at a workload, with both rates. */
export const verdictMarkdown = (verdicts: readonly Verdict[]): string => {
  const rates = [...new Set(verdicts.map(({ perSecond }) => perSecond))];
  const rows = [...new Set(verdicts.map(({ target, workload }) => `${plain(target)} | ${workload}`))];
  const cell = (row: string, rate: number): string =>
    verdicts
      .filter(
        ({ target, workload, perSecond }) => perSecond === rate && `${plain(target)} | ${workload}` === row,
      )
      .map(({ measured, met }) => (met ? measured : `${measured}, **missed**`))
      .join();
  return [
    `| target | workload | ${rates.map((rate) => `at ${rate}/s`).join(' | ')} |`,
    `|---|---|${rates.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row} | ${rates.map((rate) => cell(row, rate)).join(' | ')} |`),
    '',
  ].join('\n');
};

/** The figure in it depends on the rate. */
const plain = (target: string): string => target.replace(/ at least \d+ %/, '');

const listed = (all: readonly Figures[], show: (one: Figures) => string): string => all.map(show).join(', ');

const delayCell = (oracle: Figures, [own, ...others]: readonly Figures[]): string =>
  own?.delay === undefined || oracle.delay === undefined
    ? ''
    : `${pair(own.delay, 2)}; oracle ${pair(oracle.delay, 2)}; ${others
        .flatMap(({ delay }) => (delay === undefined ? [] : [pair(delay, 0)]))
        .join('; ')}`;

const pair = ({ p50, p99 }: DelayFigures, digits: number): string =>
  `${p50.toFixed(digits)}, ${p99.toFixed(digits)}`;
