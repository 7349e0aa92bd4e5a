/**
 * How long `plan` takes when little has changed: fresh processes of the built program (`npm run build`), in turns
 * with a process that only walks and stats the same files. The ratio of the medians is what holds on any machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Section } from '../section.js';
import { casesOf, type PlanCase } from './cases.js';
import { measure, type Figures } from './measure.js';

export const planSection: Section = {
  name: 'plan',
  run: async ({ n }) => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
    try {
      const rows: Row[] = [];
      for (const one of await casesOf(folder, n)) rows.push({ ...one, ...measure(one) });
      return {
        text: `${n} files\n\n${rows.map(textOf).join('\n')}\n${leftOut}\n`,
        markdown: markdownOf(rows, n),
        data: {
          n,
          cases: rows.map(({ name, target, ...figures }) => ({ name, target, ...dataOf(figures) })),
        },
        allMet: rows.every(isMet),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Row = PlanCase & Figures;

const isMet = ({ ratio, target }: Row): boolean => target === undefined || ratio <= target;

const textOf = (row: Row): string =>
  `  ${row.name.padEnd(38)} ${row.ratio.toFixed(2)} of the reference (${row.medianMs.toFixed(0)} ms over ${row.referenceMs.toFixed(0)})${verdictOn(row)}`;

const verdictOn = (row: Row): string =>
  row.target === undefined ? '' : `, at most ${row.target}: ${isMet(row) ? 'met' : 'MISSED'}`;

const dataOf = ({ ratio, medianMs, referenceMs }: Figures) => ({ ratio, medianMs, referenceMs });

const markdownOf = (rows: readonly Row[], n: number): string =>
  [
    `| plan of ${n} files, over a walk of them | ratio | at most |`,
    '|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.ratio.toFixed(2)}${isMet(row) ? '' : ', **missed**'} | ${row.target ?? 'from 10,000 files'} |`,
    ),
    '',
  ].join('\n');

const leftOut = '  terraform and octoDNS are left out: they are not installed with holdfast';
