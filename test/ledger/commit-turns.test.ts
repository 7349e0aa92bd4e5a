/** Who may commit when: a call alone at once, one among many when others have had the time to come along. */
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeCommitTurns } from '../../src/ledger/commit-turns.js';

const paused = () => {
  let end: () => void = () => undefined;
  const pauses: number[] = [];
  const turns = makeCommitTurns((milliseconds) => {
    pauses.push(milliseconds);
    return new Promise((done) => (end = done));
  });
  return { turns, pauses, end: () => end() };
};

/** Whether the next commit may be made by the second turn of the event loop from now. */
const isFree = async (next: Promise<void>): Promise<boolean> => {
  let free = false;
  void next.then(() => (free = true));
  await setImmediate();
  await setImmediate();
  return free;
};

it('makes the first commit, and the one after a single call, without a pause', async () => {
  const { turns, pauses } = paused();
  expect(await isFree(turns.next())).toBe(true);
  turns.taken(1);
  expect(await isFree(turns.next())).toBe(true);
  turns.taken(0);
  expect(await isFree(turns.next())).toBe(true);
  expect(pauses).toEqual([]);
});

it('waits a few milliseconds after a commit that several calls have shared', async () => {
  const { turns, pauses, end } = paused();
  turns.taken(2);
  const next = turns.next();
  expect(await isFree(next)).toBe(false);
  end();
  expect(await isFree(next)).toBe(true);
  expect(pauses).toEqual([8]);
});
