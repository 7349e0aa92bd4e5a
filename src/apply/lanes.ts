/**
 * Whose turn it is among those that wait: lane 1 before lane 2, which keeps at least a tenth of the turns; within
 * a lane what was handed back untried first, then first attempts, then retries, which keep at least a fifth.
 * What was permitted by a look goes before everything, reads only when nothing else could go.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Waiting } from './waiting.js';
import { makeShelf, type Shelf } from './shelf.js';

export interface Lanes {
  readonly put: (waiting: Waiting) => void;
  readonly remove: (waiting: Waiting) => void;
  /** The next, which is removed. `mayRetry`: retries may go. */
  readonly take: (nowMs: number, mayRetry: boolean) => O.Option<Waiting>;
  readonly nextDueMs: (mayRetry: boolean) => O.Option<number>;
}

interface LaneShelves {
  readonly untried: Shelf;
  readonly first: Shelf;
  readonly retry: Shelf;
  turnsSinceRetry: number;
}

const turnsBeforeSecondLane = 9;
const turnsBeforeRetry = 4;

export const makeLanes = (): Lanes => {
  const permitted = makeShelf();
  const lanes = { 1: makeLane(), 2: makeLane(), 3: makeLane() };
  let turnsSinceSecondLane = 0;

  const shelfFor = (waiting: Waiting): Shelf =>
    O.isSome(waiting.permit) ? permitted : shelfOf(lanes[waiting.lane], waiting);

  const pick = (nowMs: number, mayRetry: boolean): O.Option<Waiting> => {
    const next = permitted.oldestDue(nowMs);
    const first = choose(lanes[1], mayRetry, nowMs);
    const second = choose(lanes[2], mayRetry, nowMs);
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
    if (O.isNone(second)) return choose(lanes[3], mayRetry, nowMs);
    // A turn that nobody else wanted is a turn, too.
    turnsSinceSecondLane = Math.max(0, turnsSinceSecondLane - turnsBeforeSecondLane);
    return second;
  };

  return {
    put: (waiting) => {
      shelfFor(waiting).put(waiting);
    },
    remove: (waiting) => {
      shelfFor(waiting).remove(waiting.conference);
    },
    take: (nowMs, mayRetry) => {
      const chosen = pick(nowMs, mayRetry);
      if (O.isNone(chosen)) return O.none;
      countTurn(lanes[chosen.value.lane], chosen.value, nowMs);
      shelfFor(chosen.value).remove(chosen.value.conference);
      return chosen;
    },
    nextDueMs: (mayRetry) =>
      earliest(
        [permitted, ...Object.values(lanes).flatMap((lane) => shelvesIn(lane, mayRetry))].map((shelf) =>
          shelf.nextDueMs(),
        ),
      ),
  };
};

const makeLane = (): LaneShelves => ({
  untried: makeShelf(),
  first: makeShelf(),
  retry: makeShelf(),
  turnsSinceRetry: 0,
});

const shelfOf = (lane: LaneShelves, { untried, attempts }: Waiting): Shelf => {
  if (untried) return lane.untried;
  return attempts === 0 ? lane.first : lane.retry;
};

const shelvesIn = ({ untried, first, retry }: LaneShelves, mayRetry: boolean): readonly Shelf[] =>
  mayRetry ? [untried, first, retry] : [untried, first];

const choose = (lane: LaneShelves, mayRetry: boolean, nowMs: number): O.Option<Waiting> => {
  const untried = lane.untried.oldestDue(nowMs);
  const fresh = O.isSome(untried) ? untried : lane.first.oldestDue(nowMs);
  if (!mayRetry || (O.isSome(fresh) && lane.turnsSinceRetry < turnsBeforeRetry)) return fresh;
  const retry = lane.retry.oldestDue(nowMs);
  return O.isSome(retry) ? retry : fresh;
};

const countTurn = (lane: LaneShelves, chosen: Waiting, nowMs: number): void => {
  const isRetryTurn = shelfOf(lane, chosen) === lane.retry;
  const retryWaits = O.isSome(lane.retry.oldestDue(nowMs));
  lane.turnsSinceRetry = isRetryTurn || !retryWaits ? 0 : lane.turnsSinceRetry + 1;
};

const earliest = (dues: readonly O.Option<number>[]): O.Option<number> =>
  dues.reduce<O.Option<number>>(
    (least, due) =>
      O.isSome(least) && O.isSome(due) ? O.some(Math.min(least.value, due.value)) : O.alt(() => due)(least),
    O.none,
  );
