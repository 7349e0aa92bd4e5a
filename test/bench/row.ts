/** One figure of a section whose figures stand in a list, and how the list is told. Pure. */
import type { SectionReport } from './section.js';

export interface Row {
  readonly name: string;
  readonly value: number;
  /** Of `value`: times the reference, or something that can be counted. */
  readonly unit: '×' | 'MB' | 'ms' | 'watches';
  /** What it comes from, such as `250 ms over 140 ms`. */
  readonly from: string;
  /** undefined: nothing is promised. */
  readonly target: Target | undefined;
}

export interface Target {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

export interface Report {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What could not be measured, and why. */
  readonly leftOut: readonly string[];
}

export const atMost = (value: number): Target => ({ bound: 'at most', value });

export const atLeast = (value: number): Target => ({ bound: 'at least', value });

export const ratio = (name: string, oursMs: number, referenceMs: number, target?: Target): Row => ({
  name,
  value: oursMs / referenceMs,
  unit: '×',
  from: `${milliseconds(oursMs)} over ${milliseconds(referenceMs)}`,
  target,
});

const milliseconds = (value: number): string =>
  value < 100 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;

export const reportOf = (reports: readonly Report[]): SectionReport => ({
  text: reports.map(textOf).join('\n'),
  markdown: reports.map(markdownOf).join('\n'),
  data: reports.map(({ title, rows, leftOut }) => ({
    title,
    rows: rows.map((row) => ({ ...row, met: isMet(row) })),
    leftOut,
  })),
  allMet: reports.every(({ rows }) => rows.every(isMet)),
});

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Of an even number, the upper one of the two in the middle; NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const isMet = ({ value, target }: Row): boolean =>
  target === undefined || (target.bound === 'at most' ? value <= target.value : value >= target.value);

const textOf = ({ title, rows, leftOut }: Report): string => {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(
    (row) => `  ${row.name.padEnd(width)}  ${shown(row).padStart(8)}  ${row.from}${verdictOn(row)}`,
  );
  return `${[title, '', ...lines, ...leftOut.map((words) => `  ${words}`)].join('\n')}\n`;
};

const shown = ({ value, unit }: Row): string => {
  const digits = unit === 'watches' || value >= 100 ? 0 : unit === '×' ? 2 : 1;
  return unit === '×' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
};

const verdictOn = (row: Row): string =>
  row.target === undefined
    ? ''
    : `; ${row.target.bound} ${row.target.value}: ${isMet(row) ? 'met' : 'MISSED'}`;

const markdownOf = ({ title, rows, leftOut }: Report): string =>
  [
    `| ${title} | | target | from |`,
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${isMet(row) ? shown(row) : `**${shown(row)}**`} | ${targetOf(row)} | ${row.from} |`,
    ),
    ...leftOut.map((words) => `\n${words}`),
    '',
  ].join('\n');

const targetOf = ({ target }: Row): string => (target === undefined ? '' : `${target.bound} ${target.value}`);
