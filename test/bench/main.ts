/**
 * `npm run bench -- --only scheduler --seed 1 --format json`, or `--only plan --n 10000`: measures what
 * `docs/performance.md` promises. Ends with exit code 1 when a target is missed.
 */
import { parseArgs } from 'node:util';
import { applySection } from './apply/section.js';
import { growthSection } from './growth/section.js';
import { planSection } from './plan/section.js';
import { schedulerSection } from './scheduler/section.js';
import type { Section } from './section.js';
import { watchSection } from './watch/section.js';

const sections: readonly Section[] = [
  schedulerSection,
  planSection,
  watchSection,
  applySection,
  growthSection,
];

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      jitter: { type: 'string', default: '1' },
      n: { type: 'string', default: '1000' },
      runs: { type: 'string' },
      format: { type: 'string', default: 'text' },
    },
  });
  const seed = numberIn(values.seed, '--seed');
  const jitter = numberIn(values.jitter, '--jitter');
  const n = numberIn(values.n, '--n');
  const runs = values.runs === undefined ? usualRuns(n) : numberIn(values.runs, '--runs');
  const { format } = values;
  if (format !== 'text' && format !== 'json' && format !== 'markdown')
    throw new Error('--format: text, json or markdown');
  const chosen = sections.filter(({ name }) => values.only === undefined || values.only === name);
  if (chosen.length === 0) throw new Error(`--only: one of ${sections.map(({ name }) => name).join(', ')}`);
  let allMet = true;
  const data: Record<string, unknown> = {};
  for (const { name, run } of chosen) {
    const report = await run({ seed, jitter, n, runs });
    allMet &&= report.allMet;
    data[name] = report.data;
    if (format === 'text') process.stdout.write(`${name}\n\n${report.text}\n`);
    if (format === 'markdown') process.stdout.write(`${report.markdown}\n`);
  }
  if (format === 'json') process.stdout.write(`${JSON.stringify({ seed, jitter, ...data }, undefined, 2)}\n`);
  return allMet ? 0 : 1;
};

/** What takes long varies less, and nobody waits for half an hour. */
const usualRuns = (n: number): number => (n < 10_000 ? 9 : n < 100_000 ? 5 : 3);

const numberIn = (text: string, flag: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`${flag}: a number from 0 up, not ${text}`);
  return value;
};

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
