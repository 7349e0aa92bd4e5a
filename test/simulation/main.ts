/**
 * `npm run simulate -- --seeds 1000 --from 1`: runs as many simulations as wanted on all cores. What breaks a
 * promise is told with its seed, the events that are needed for it, what happened, and how to see it again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWorker } from './build.js';
import { runCrew } from './crew.js';
import { plants, type Plant } from './plants.js';
import { makeScenario } from './scenario.js';
import type { SeedReport } from './worker.js';

const mostTold = 5;
const longestTrace = 60;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      keep: { type: 'string' },
      plant: { type: 'string' },
      plants: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
      trace: { type: 'boolean', default: false },
    },
  });
  const seeds = whole(values.seeds, '--seeds');
  const from = whole(values.from, '--from');
  const workers = whole(values.workers, '--workers');
  const keep = values.keep?.split(',').map((text) => whole(text, '--keep'));
  const plant = plants.find(({ name }) => name === values.plant);
  if (values.plant !== undefined && plant === undefined)
    throw new Error(`--plant: one of ${plants.map(({ name }) => name).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-simulation-'));
  try {
    if (values.plants) return await findPlants(folder, seeds);
    const file = await buildWorker(process.cwd(), folder, plant);
    return await run({
      file,
      from,
      seeds,
      workers,
      keep,
      stopAtFirst: plant !== undefined,
      wholeTrace: values.trace,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Every planted mistake with the first seed that finds it. */
const findPlants = async (folder: string, seeds: number): Promise<number> => {
  let missed = 0;
  for (const plant of plants) {
    const found = await findPlant(plant, join(folder, plant.name), seeds);
    if (found === undefined) missed += 1;
    const where = found === undefined ? `not found by ${seeds} seeds` : `found by seed ${found.seed}`;
    say(`${plant.name}: ${where}: ${found?.broken[0]?.promise ?? ''}\n`);
  }
  return missed === 0 ? 0 : 1;
};

const findPlant = async (plant: Plant, folder: string, seeds: number): Promise<SeedReport | undefined> => {
  const file = await buildWorker(process.cwd(), folder, plant);
  const found: SeedReport[] = [];
  await runCrew({
    file,
    from: 1,
    seeds,
    workers: 1,
    keep: undefined,
    shrinks: false,
    report: (report) => {
      if (report.broken.length > 0) found.push(report);
      return found.length > 0;
    },
  });
  return found[0];
};

interface Simulation {
  readonly file: string;
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  readonly keep: readonly number[] | undefined;
  readonly stopAtFirst: boolean;
  readonly wholeTrace: boolean;
}

const run = async (simulation: Simulation): Promise<number> => {
  const startedMs = performance.now();
  const failed: SeedReport[] = [];
  let done = 0;
  let steps = 0;
  const showProgress = progress(simulation.seeds);
  await runCrew({
    ...simulation,
    shrinks: true,
    report: (report) => {
      done += 1;
      steps += report.steps;
      if (report.broken.length > 0) failed.push(report);
      showProgress(done, steps, failed.length);
      return failed.length > 0 && simulation.stopAtFirst;
    },
  });
  const seconds = (performance.now() - startedMs) / 1000;
  failed.sort((left, right) => left.seed - right.seed);
  for (const report of failed.slice(0, mostTold)) tell(report, simulation.wholeTrace);
  if (failed.length > mostTold)
    say(
      `also broken: seeds ${failed
        .slice(mostTold, 30)
        .map(({ seed }) => seed)
        .join(' ')}\n`,
    );
  const perMinute = ((steps / seconds) * 60) / 1e6;
  say(
    `${done} seeds from ${simulation.from}, ${steps} steps, ${seconds.toFixed(1)} s, ${perMinute.toFixed(2)} million steps a minute: ` +
      (failed.length === 0 ? 'every promise held\n' : `${failed.length} seeds broke a promise\n`),
  );
  return failed.length === 0 ? 0 : 1;
};

const tell = ({ seed, broken, needed, trace }: SeedReport, wholeTrace: boolean): void => {
  for (const { promise, detail, atMs, step } of broken)
    say(`seed ${seed}: broken: ${promise}\n  ${detail}\n  at ${(atMs / 1000).toFixed(3)} s, step ${step}\n`);
  const { injections, ...rules } = makeScenario(seed);
  say(`  ${JSON.stringify(rules)}\n`);
  say(`  ${needed.length} of ${injections.length} events are needed:\n`);
  for (const number of needed) say(`    ${number}: ${JSON.stringify(injections[number])}\n`);
  const shown = wholeTrace ? trace : trace.slice(-longestTrace);
  if (shown.length < trace.length)
    say(`  ... ${trace.length - shown.length} lines before (--trace shows all)\n`);
  for (const line of shown) say(`    ${line}\n`);
  say(`  again: npm run simulate -- --from ${seed} --seeds 1 --keep ${needed.join(',')}\n\n`);
};

/** On a terminal, four times a second. */
const progress = (seeds: number) => {
  const startedMs = performance.now();
  let toldMs = startedMs;
  return (done: number, steps: number, failed: number): void => {
    const nowMs = performance.now();
    if (!process.stderr.isTTY || (nowMs - toldMs < 250 && done < seeds)) return;
    toldMs = nowMs;
    const leftSeconds = Math.ceil((((nowMs - startedMs) / done) * (seeds - done)) / 1000);
    const text = `${done} of ${seeds} seeds, ${steps} steps, ${failed} broken, about ${leftSeconds} s left`;
    process.stderr.write(done === seeds ? '\r\u001b[K' : `\r\u001b[K${text}`);
  };
};

const whole = (text: string, flag: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${flag}: a whole number, not ${text}`);
  return value;
};

const say = (text: string): void => {
  process.stdout.write(text);
};

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
