/**
 * Fixed concurrency with retries, as tools that know no rate do it (Terraform with its default of ten at once, and
 * the usual HTTP libraries with retries): on 429, 5xx and timeouts each waits 1 s, 2 s, 4 s up to 30 s, half of it
 * jitter. After ten tries an edit goes to the end of the line, as if somebody had started the tool again.
 */
import { makeLine, meaningOf, sendEdit, type Line } from './plain.js';
import type { Strategy } from './strategy.js';
import type { Edit } from './workload.js';
import type { World } from './world.js';

const concurrency = 10;
const mostTries = 10;
const longestPauseMs = 30_000;

export const fixedConcurrency: Strategy = {
  name: `${concurrency} at once, retries`,
  start: (world) => {
    const line = makeLine();
    for (let worker = 0; worker < concurrency; worker += 1) void work(world, line);
    return Promise.resolve({ edited: line.add });
  },
};

const work = async (world: World, line: Line): Promise<never> => {
  for (;;) {
    const edit = await line.next();
    const isOver = await tried(world, edit);
    if (isOver) line.finish(edit);
    else line.putBack(edit);
  }
};

/** False: given up for now. */
const tried = async (world: World, edit: Edit): Promise<boolean> => {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const meaning = meaningOf(await sendEdit(world, edit));
    if (meaning === 'done' || meaning === 'hopeless') return true;
    const pauseMs = Math.min(longestPauseMs, 1000 * 2 ** (tries - 1));
    await world.sleep(pauseMs * (0.5 + world.random() / 2));
  }
  return false;
};
