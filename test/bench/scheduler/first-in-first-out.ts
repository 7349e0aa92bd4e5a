/**
 * First in, first out, as a careful script does it: one call at a time, departures an interval apart. After a 429 it
 * sleeps until the moment that was named; after a 5xx or a timeout it tries again, up to five times with growing
 * pauses, then the edit goes to the end of the line, as if somebody had started the script again.
 */
import * as O from 'fp-ts/lib/Option.js';
import { makeLine, meaningOf, sendEdit, type Line } from './plain.js';
import type { Strategy } from './strategy.js';
import type { Edit } from './workload.js';
import type { Reply, World } from './world.js';

const mostTries = 5;
const unknownResetMs = 1_000;

export const firstInFirstOut: Strategy = {
  name: 'first in, first out',
  start: (world, { perSecond }) => {
    const line = makeLine();
    void work(world, line, 1000 / perSecond);
    return Promise.resolve({ edited: line.add });
  },
};

const work = async (world: World, line: Line, intervalMs: number): Promise<never> => {
  const { clock, sleep } = world;
  let leftMs = -Infinity;
  const paced = async (edit: Edit): Promise<Reply> => {
    const waitMs = leftMs + intervalMs - clock.elapsed();
    if (waitMs > 0) await sleep(waitMs);
    leftMs = clock.elapsed();
    return sendEdit(world, edit);
  };
  for (;;) {
    const edit = await line.next();
    const isOver = await tried(world, () => paced(edit));
    if (isOver) line.finish(edit);
    else line.putBack(edit);
  }
};

/** False: given up for now. */
const tried = async ({ clock, sleep }: World, send: () => Promise<Reply>): Promise<boolean> => {
  for (let tries = 0; tries < mostTries; ) {
    const reply = await send();
    switch (meaningOf(reply)) {
      case 'done':
      case 'hopeless':
        return true;
      case 'limited':
        await sleep(resetInMs(reply, clock.now()));
        break;
      case 'again':
        tries += 1;
        if (tries < mostTries) await sleep(1000 * 2 ** (tries - 1));
    }
  }
  return false;
};

const resetInMs = (reply: Reply, nowMs: number): number =>
  reply._tag === 'Answered' && O.isSome(reply.resetAtMs) ? reply.resetAtMs.value - nowMs : unknownResetMs;
