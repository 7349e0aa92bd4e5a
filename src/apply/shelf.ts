/**
 * What waits with the same right to a turn: the oldest of those that are due goes first. Two heaps, because most
 * of what waits is due, and what is not becomes so in another order.
 *
 * What is taken away stays in the heaps until it comes up, or until the heaps are twice as long as what waits.
 */
import * as O from 'fp-ts/lib/Option.js';
import TinyQueue from 'tinyqueue';
import type { ConferenceId } from '../conference/id.js';
import type { Waiting } from './waiting.js';

export interface Shelf {
  /** Adds one that is not on it yet. */
  readonly put: (waiting: Waiting) => void;
  readonly remove: (conference: ConferenceId) => void;
  /** `nowMs` never goes back. */
  readonly oldestDue: (nowMs: number) => O.Option<Waiting>;
  /** When something on it becomes due, or did. */
  readonly nextDueMs: () => O.Option<number>;
}

interface Entry {
  readonly waiting: Waiting;
  /** Of two that are as old the one that was put first. */
  readonly order: number;
}

const slack = 64;

export const makeShelf = (): Shelf => {
  const entries = new Map<ConferenceId, Entry>();
  let later = new TinyQueue<Entry>([], byDue);
  let ready = new TinyQueue<Entry>([], byAge);
  let order = 0;

  const isOnShelf = (entry: Entry): boolean => entries.get(entry.waiting.conference) === entry;

  const first = (heap: TinyQueue<Entry>): Entry | undefined => {
    for (let entry = heap.peek(); entry !== undefined; entry = heap.peek()) {
      if (isOnShelf(entry)) return entry;
      heap.pop();
    }
    return undefined;
  };

  const tidy = (): void => {
    if (later.length + ready.length <= 2 * entries.size + slack) return;
    later = new TinyQueue([...entries.values()], byDue);
    ready = new TinyQueue<Entry>([], byAge);
  };

  return {
    put: (waiting) => {
      const entry = { waiting, order: (order += 1) };
      entries.set(waiting.conference, entry);
      later.push(entry);
      tidy();
    },
    remove: (conference) => {
      entries.delete(conference);
    },
    oldestDue: (nowMs) => {
      if (entries.size === 0) return O.none;
      for (
        let entry = first(later);
        entry !== undefined && entry.waiting.dueMs <= nowMs;
        entry = first(later)
      ) {
        later.pop();
        ready.push(entry);
      }
      const oldest = first(ready);
      return oldest === undefined ? O.none : O.some(oldest.waiting);
    },
    nextDueMs: () => {
      if (entries.size === 0) return O.none;
      const dueMs = (entry: Entry | undefined): number => entry?.waiting.dueMs ?? Number.POSITIVE_INFINITY;
      return O.some(Math.min(dueMs(first(ready)), dueMs(first(later))));
    },
  };
};

const byDue = (left: Entry, right: Entry): number => left.waiting.dueMs - right.waiting.dueMs;

const byAge = (left: Entry, right: Entry): number =>
  left.waiting.sinceMs - right.waiting.sinceMs || left.order - right.order;
