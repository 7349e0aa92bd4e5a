/**
 * What waits for a call: a queue of conferences, not of changes. Adding one twice leaves one; what has to be
 * sent is decided when its turn comes. A conference is never handed out twice at once.
 *
 * Order: what was permitted by a look goes before everything, because people come and go. Then lane 1 before
 * lane 2, which keeps at least a tenth of the turns; within a lane what was handed back untried first, then
 * first attempts, then retries, which keep at least a fifth; the oldest first in each. Lane 3 (reads) only when
 * nothing else could go.
 *
 * It keeps state, but no clock: the caller says what time it is.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Permit } from './permit.js';

export type Lane = 1 | 2 | 3;

export interface Waiting {
  readonly conference: ConferenceId;
  readonly lane: Lane;
  /** What is declared. */
  readonly declaration: string;
  /** Since when it waits: the oldest goes first. */
  readonly sinceMs: number;
  /** Calls made for it so far. */
  readonly attempts: number;
  /** Not before this moment. */
  readonly dueMs: number;
  /** How much of its waiting was waiting to try again. */
  readonly backedOffMs: number;
  /** 429s in a row. */
  readonly limits: number;
  /** Handed back without having been tried: it keeps its place. */
  readonly untried: boolean;
  /** A look at its audience permitted the call, which takes the next turn. */
  readonly permit: O.Option<Permit>;
}

export interface Queue {
  /** Adds a conference or changes what is known of it; one that waits already keeps its age. */
  readonly put: (waiting: Waiting) => void;
  readonly remove: (conference: ConferenceId) => void;
  readonly get: (conference: ConferenceId) => O.Option<Waiting>;
  /** Whose turn it is. It counts as busy until `release`. */
  readonly take: (nowMs: number) => O.Option<Waiting>;
  readonly release: (conference: ConferenceId) => void;
  /** When something that is not busy becomes due; none: nothing waits. */
  readonly nextDueMs: () => O.Option<number>;
  readonly busy: () => number;
  readonly isBusy: (conference: ConferenceId) => boolean;
  readonly waiting: () => readonly Waiting[];
}

const turnsBeforeSecondLane = 9;
const turnsBeforeRetry = 4;

type Shelf = Map<ConferenceId, Waiting>;

interface LaneShelves {
  readonly untried: Shelf;
  readonly first: Shelf;
  readonly retry: Shelf;
  turnsSinceRetry: number;
}

export const makeQueue = (): Queue => {
  const permitted: Shelf = new Map();
  const lanes = { 1: makeLane(), 2: makeLane(), 3: makeLane() };
  const all: Shelf = new Map();
  const busy = new Set<ConferenceId>();
  let turnsSinceSecondLane = 0;

  const shelfFor = (waiting: Waiting): Shelf =>
    O.isSome(waiting.permit) ? permitted : shelfOf(lanes[waiting.lane], waiting);

  const drop = (conference: ConferenceId): void => {
    const known = all.get(conference);
    if (known === undefined) return;
    all.delete(conference);
    shelfFor(known).delete(conference);
  };

  const put = (waiting: Waiting): void => {
    const known = all.get(waiting.conference);
    const merged =
      known === undefined ? waiting : { ...waiting, sinceMs: Math.min(known.sinceMs, waiting.sinceMs) };
    drop(waiting.conference);
    all.set(merged.conference, merged);
    shelfFor(merged).set(merged.conference, merged);
  };

  const pick = (nowMs: number): O.Option<Waiting> => {
    const next = oldestDue(permitted, busy, nowMs);
    const first = choose(lanes[1], busy, nowMs);
    const second = choose(lanes[2], busy, nowMs);
    if (O.isSome(next)) {
      // The second lane gets its share for this turn later.
      if (O.isSome(second)) turnsSinceSecondLane += 1;
      return next;
    }
    if (O.isSome(first) && O.isSome(second)) {
      const secondsTurn = turnsSinceSecondLane >= turnsBeforeSecondLane;
      turnsSinceSecondLane += secondsTurn ? -turnsBeforeSecondLane : 1;
      return secondsTurn ? second : first;
    }
    if (O.isSome(first)) return first;
    return O.isSome(second) ? second : choose(lanes[3], busy, nowMs);
  };

  return {
    put,
    remove: drop,
    get: (conference) => O.fromNullable(all.get(conference)),
    take: (nowMs) => {
      const chosen = pick(nowMs);
      if (O.isSome(chosen)) {
        countTurn(lanes[chosen.value.lane], chosen.value, nowMs, busy);
        drop(chosen.value.conference);
        busy.add(chosen.value.conference);
      }
      return chosen;
    },
    release: (conference) => {
      busy.delete(conference);
    },
    nextDueMs: () => earliest([...all.values()].filter(({ conference }) => !busy.has(conference))),
    busy: () => busy.size,
    isBusy: (conference) => busy.has(conference),
    waiting: () => [...all.values()],
  };
};

const makeLane = (): LaneShelves => ({
  untried: new Map(),
  first: new Map(),
  retry: new Map(),
  turnsSinceRetry: 0,
});

const shelfOf = (lane: LaneShelves, { untried, attempts }: Waiting): Shelf => {
  if (untried) return lane.untried;
  return attempts === 0 ? lane.first : lane.retry;
};

const choose = (lane: LaneShelves, busy: ReadonlySet<ConferenceId>, nowMs: number): O.Option<Waiting> => {
  const fresh = O.alt(() => oldestDue(lane.first, busy, nowMs))(oldestDue(lane.untried, busy, nowMs));
  if (O.isSome(fresh) && lane.turnsSinceRetry < turnsBeforeRetry) return fresh;
  return O.alt(() => fresh)(oldestDue(lane.retry, busy, nowMs));
};

const countTurn = (
  lane: LaneShelves,
  chosen: Waiting,
  nowMs: number,
  busy: ReadonlySet<ConferenceId>,
): void => {
  const isRetry = shelfOf(lane, chosen) === lane.retry;
  const retryWaits = O.isSome(oldestDue(lane.retry, busy, nowMs));
  lane.turnsSinceRetry = isRetry || !retryWaits ? 0 : lane.turnsSinceRetry + 1;
};

const oldestDue = (shelf: Shelf, busy: ReadonlySet<ConferenceId>, nowMs: number): O.Option<Waiting> => {
  let oldest: Waiting | undefined;
  for (const waiting of shelf.values()) {
    if (waiting.dueMs > nowMs || busy.has(waiting.conference)) continue;
    if (oldest === undefined || waiting.sinceMs < oldest.sinceMs) oldest = waiting;
  }
  return O.fromNullable(oldest);
};

const earliest = (waiting: readonly Waiting[]): O.Option<number> =>
  waiting.length === 0
    ? O.none
    : O.some(waiting.reduce((least, { dueMs }) => Math.min(least, dueMs), Infinity));
