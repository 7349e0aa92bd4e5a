import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { longestKeptMs, mostCalls, mostPruned, pruneEvery } from '../../src/ledger/sqlite-prune.js';
import { aBatch, aCall, aFile, change, right, rowsIn, write } from './sqlite-state.js';

const nowMs = 2 * longestKeptMs;

/** Calls that somebody made before: so many of them up to a number, by SQL because there are many. */
const fill = (file: string, last: number, many: number, startedAtMs: number): void =>
  change(
    file,
    `with recursive one(number) as (select ${last - many + 1} union all select number + 1 from one where number < ${last})
     insert into call select number, 'conf-1', ${startedAtMs}, '{}' from one`,
  );

const kept = (file: string): readonly unknown[] =>
  rowsIn(file, 'select count(*) as many, min(number) as first, max(number) as last from call');

const commit = async (file: string, ...numbers: readonly number[]): Promise<void> => {
  const store = await write(file);
  for (const number of numbers)
    await right(store.commit(aBatch({ calls: [aCall(number, { startedAtMs: nowMs })] })));
  await store.close();
};

describe('the history of calls', () => {
  const due = mostCalls + pruneEvery;

  it('loses the oldest with every thousandth call, and with no other', async () => {
    const file = aFile();
    await commit(file);
    fill(file, due - 2, due - 2, nowMs);
    await commit(file, due - 1);
    expect(kept(file)).toEqual([{ many: due - 1, first: 1, last: due - 1 }]);
    await commit(file, due);
    expect(kept(file)).toEqual([{ many: mostCalls, first: pruneEvery + 1, last: due }]);
    await commit(file, due + 1);
    expect(kept(file)).toEqual([{ many: mostCalls + 1, first: pruneEvery + 1, last: due + 1 }]);
  });

  it('loses what is older than 400 days, and keeps the call that is written', async () => {
    const file = aFile();
    await commit(file);
    fill(file, 10, 10, nowMs - longestKeptMs - 1);
    fill(file, 20, 10, nowMs - longestKeptMs);
    await commit(file, pruneEvery);
    expect(kept(file)).toEqual([{ many: 11, first: 11, last: pruneEvery }]);
  });

  it('loses nothing that is newer, when a clock is set back', async () => {
    const file = aFile();
    await commit(file);
    fill(file, pruneEvery - 1, 5, nowMs * 2);
    await commit(file, pruneEvery);
    expect(kept(file)).toEqual([{ many: 6, first: pruneEvery - 5, last: pruneEvery }]);
  });

  it('loses no more than some at once', async () => {
    const file = aFile();
    await commit(file);
    fill(file, mostPruned + 500, mostPruned + 500, 0);
    await commit(file, 2 * mostPruned);
    expect(kept(file)).toEqual([{ many: 501, first: mostPruned + 1, last: 2 * mostPruned }]);
    await commit(file, 2 * mostPruned + pruneEvery);
    expect(kept(file)).toEqual([{ many: 2, first: 2 * mostPruned, last: 2 * mostPruned + pruneEvery }]);
  });

  it('is cut in the commit of the call, whatever its answer is', async () => {
    const file = aFile();
    await commit(file);
    fill(file, 3, 3, 0);
    const store = await write(file);
    const call = aCall(pruneEvery, { startedAtMs: nowMs });
    await right(store.commit(aBatch({ calls: [call] })));
    const result = {
      outcome: 'Applied',
      status: O.some(200),
      code: O.none,
      message: '',
      durationMs: 1,
    } as const;
    await right(store.commit(aBatch({ calls: [{ ...call, result: O.some(result) }] })));
    expect((await right(store.load)).lastCall).toBe(pruneEvery);
    expect(await right(store.history({ conference: O.none, sinceMs: O.none, limit: 9 }))).toHaveLength(1);
  });
});
