/** A share of what `npm run simulate` does: other seeds in every run, and the known mistakes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildWorker } from './build.js';
import { runCrew } from './crew.js';
import { plants, type Plant } from './plants.js';
import { runScenario } from './run.js';
import { makeScenario } from './scenario.js';
import type { SeedReport } from './worker.js';

const testSeed = Number(process.env['HOLDFAST_TEST_SEED']);

describe('whatever happens, and whenever', () => {
  it('every promise is kept', async () => {
    const from = testSeed * 1_000;
    for (let seed = from; seed < from + 100; seed += 1) {
      const { broken } = await runScenario(makeScenario(seed), false);
      expect({ seed, broken, again: `npm run simulate -- --from ${seed} --seeds 1` }).toMatchObject({
        broken: [],
      });
    }
  });

  it('a seed is the same run again', async () => {
    const again = (): Promise<unknown> => runScenario(makeScenario(testSeed), true);
    expect(await again()).toStrictEqual(await again());
  });
});

const simulate = async (plant: Plant): Promise<readonly SeedReport[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-plant-'));
  const broken: SeedReport[] = [];
  try {
    await runCrew({
      file: await buildWorker(process.cwd(), folder, plant),
      // A change elsewhere may let that seed miss it; another one finds it then.
      from: plant.foundBy,
      seeds: 300,
      workers: 1,
      keep: undefined,
      shrinks: false,
      report: (report) => {
        if (report.broken.some(({ promise }) => promise === plant.breaks)) broken.push(report);
        return broken.length > 0;
      },
    });
    return broken;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe.concurrent('a planted mistake is found', () => {
  it.each(plants)('$name: $mistake', async (plant) => {
    const [found] = await simulate(plant);
    expect(found?.broken.map(({ promise }) => promise)).toContain(plant.breaks);
  });
});
