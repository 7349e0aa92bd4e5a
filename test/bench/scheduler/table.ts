/** The figures as text. Pure. */
import type { Comparison, DelayFigures, Figures } from './figures.js';
import type { Verdict } from './targets.js';
import type { Watched } from './workload.js';

export const comparisonText = (comparison: Comparison): string => {
  const { workload, oracle, others } = comparison;
  const heads = [...columns.map(({ head }) => head)];
  const rows = [oracle, ...others].map((one) => [
    one.strategy,
    ...columns.map(({ cell }) => cell(one, oracle)),
  ]);
  return [
    `${workload.name} at ${workload.perSecond}/s: ${workload.about}`,
    ...(workload.watched._tag === 'Nothing' ? [] : [`(delay: of ${watchedWords(workload.watched)})`]),
    ...aligned([['', ...heads], ...rows]).map((line) => `  ${line}`),
    ...besides(others).map((line) => `  ${line}`),
    '',
  ].join('\n');
};

export const verdictText = (verdicts: readonly Verdict[]): string => {
  const rows = verdicts.map(({ target, workload, perSecond, measured, met }) => [
    met ? 'met' : 'MISSED',
    target,
    `${workload} at ${perSecond}/s`,
    measured,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    'Targets',
    ...rows.map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    ),
    '',
  ].join('\n');
};

interface Column {
  readonly head: string;
  readonly cell: (one: Figures, oracle: Figures) => string;
}

const delayColumn = (head: string, name: keyof DelayFigures): Column => ({
  head,
  cell: ({ delay }) => (delay === undefined ? '-' : delay[name].toFixed(2)),
});

const delayRatioColumn = (name: keyof DelayFigures): Column => ({
  head: '/oracle',
  cell: ({ delay }, oracle) =>
    delay === undefined || oracle.delay === undefined ? '-' : ratio(delay[name], oracle.delay[name]),
});

const columns: readonly Column[] = [
  { head: 'calls', cell: ({ calls }) => String(calls) },
  { head: '/fewest', cell: ({ calls }, oracle) => ratio(calls, oracle.calls) },
  { head: 'budget used', cell: ({ budgetUsed }) => `${(budgetUsed * 100).toFixed(1)} %` },
  { head: '429s', cell: ({ limited }) => String(limited) },
  delayColumn('delay p50', 'p50'),
  delayRatioColumn('p50'),
  delayColumn('p99', 'p99'),
  delayRatioColumn('p99'),
  delayColumn('longest', 'longest'),
  { head: 'time', cell: ({ totalSeconds }) => seconds(totalSeconds) },
  { head: '/oracle', cell: ({ totalSeconds }, oracle) => ratio(totalSeconds, oracle.totalSeconds) },
];

/** holdfast as a share of each plain strategy. */
const besides = ([own, ...plain]: readonly Figures[]): readonly string[] =>
  own === undefined
    ? []
    : plain.map((one) => {
        const delay =
          own.delay === undefined || one.delay === undefined
            ? ''
            : `, delay p50 ${ratio(own.delay.p50, one.delay.p50)}, p99 ${ratio(own.delay.p99, one.delay.p99)}`;
        return (
          `${own.strategy} to "${one.strategy}": calls ${ratio(own.calls, one.calls)}, ` +
          `budget ${ratio(own.budgetUsed, one.budgetUsed)}, time ${ratio(own.totalSeconds, one.totalSeconds)}${delay}`
        );
      });

const watchedWords = (watched: Exclude<Watched, { _tag: 'Nothing' }>): string => {
  switch (watched._tag) {
    case 'LaneOne':
      return 'lane 1, in intervals';
    case 'Healthy':
      return 'changes of healthy conferences, in intervals';
  }
};

/** Nothing over nothing is no news. */
const ratio = (value: number, of: number): string => {
  if (value === of) return '1.00';
  if (of === 0 || !Number.isFinite(value) || !Number.isFinite(of)) return '-';
  const share = value / of;
  return share >= 100 ? share.toFixed(0) : share.toFixed(share < 0.095 ? 4 : 2);
};

const seconds = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(1)} s` : 'never');

/** The first column to the left, the others to the right. */
const aligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
};
