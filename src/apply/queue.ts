/**
 * What waits for a call: a queue of conferences, not of changes. Adding one twice leaves one; what has to be
 * sent is decided when its turn comes. A conference is never handed out twice at once.
 *
 * `lanes.ts` says whose turn it is. Retries that have no answer yet are few, so that a conference whose calls are
 * never answered keeps no healthy one waiting.
 *
 * It keeps state, but no clock: the caller says what time it is, which never goes back.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { makeLanes } from './lanes.js';
import type { Lane } from '../plan/lane.js';
import type { Waiting } from './waiting.js';

export interface Queue {
  /** Adds a conference or changes what is known of it; one that waits already keeps its age. */
  readonly put: (waiting: Waiting) => void;
  readonly remove: (conference: ConferenceId) => void;
  readonly get: (conference: ConferenceId) => O.Option<Waiting>;
  /** Whose turn it is. It counts as busy until `release`. */
  readonly take: (nowMs: number) => O.Option<Waiting>;
  /** Busy without having waited. */
  readonly occupy: (conference: ConferenceId) => void;
  readonly release: (conference: ConferenceId) => void;
  /** When something that may be taken is due, or was; none: nothing that could be taken waits. */
  readonly nextDueMs: () => O.Option<number>;
  readonly busy: () => number;
  readonly isBusy: (conference: ConferenceId) => boolean;
  readonly backlog: () => Backlog;
  /** Walks through all of them. */
  readonly waiting: () => readonly Waiting[];
}

/** How much waits. */
export interface Backlog {
  readonly lanes: Readonly<Record<Lane, number>>;
  /** Never tried, and not for want of an empty conference. */
  readonly open: number;
}

/** Half of them would be too many: what never gets an answer must not take the turns of what does. */
const maxRetriesUnderWay = 8;

export const makeQueue = (): Queue => {
  const lanes = makeLanes();
  const all = new Map<ConferenceId, Waiting>();
  /** What has no answer yet, and whether that is a retry. */
  const busy = new Map<ConferenceId, boolean>();
  const counts = { 1: 0, 2: 0, 3: 0, open: 0 };
  let retriesUnderWay = 0;

  const count = (waiting: Waiting, by: 1 | -1): void => {
    counts[waiting.lane] += by;
    if (isOpen(waiting)) counts.open += by;
  };

  const drop = (conference: ConferenceId): void => {
    const known = all.get(conference);
    if (known === undefined) return;
    all.delete(conference);
    count(known, -1);
    lanes.remove(known);
  };

  const mayRetry = (): boolean => retriesUnderWay < maxRetriesUnderWay;

  const occupy = (conference: ConferenceId, retry: boolean): void => {
    busy.set(conference, retry);
    if (retry) retriesUnderWay += 1;
  };

  return {
    put: (waiting) => {
      const known = all.get(waiting.conference);
      const merged =
        known === undefined ? waiting : { ...waiting, sinceMs: Math.min(known.sinceMs, waiting.sinceMs) };
      drop(waiting.conference);
      all.set(merged.conference, merged);
      count(merged, 1);
      // What is put while it is busy is on no shelf until it is released.
      if (!busy.has(merged.conference)) lanes.put(merged);
    },
    remove: drop,
    get: (conference) => O.fromNullable(all.get(conference)),
    take: (nowMs) => {
      const chosen = lanes.take(nowMs, mayRetry());
      if (O.isNone(chosen)) return O.none;
      drop(chosen.value.conference);
      occupy(chosen.value.conference, isRetry(chosen.value));
      return chosen;
    },
    occupy: (conference) => {
      occupy(conference, false);
    },
    release: (conference) => {
      const wasRetry = busy.get(conference);
      if (wasRetry === undefined) return;
      if (wasRetry) retriesUnderWay -= 1;
      busy.delete(conference);
      const waiting = all.get(conference);
      if (waiting !== undefined) lanes.put(waiting);
    },
    nextDueMs: () => lanes.nextDueMs(mayRetry()),
    busy: () => busy.size,
    isBusy: (conference) => busy.has(conference),
    backlog: () => ({ lanes: { 1: counts[1], 2: counts[2], 3: counts[3] }, open: counts.open }),
    waiting: () => [...all.values()],
  };
};

const isOpen = ({ attempts, awaits }: Waiting): boolean => attempts === 0 && awaits === 'turn';

const isRetry = ({ untried, attempts, permit }: Waiting): boolean =>
  !untried && attempts > 0 && O.isNone(permit);
