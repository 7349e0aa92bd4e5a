/**
 * The dispatcher makes the calls that wait: within the budget, in the order of the lanes, never two at once to
 * one conference. It takes the diff of a conference again when its turn comes, so that what was withdrawn
 * costs nothing and what came later rides along.
 *
 * Level, not edge: whoever submits a conference says only that it may need a call. `pump` is the whole of its
 * movement; it runs after every submission, settlement and timer, and cannot fail.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import { lateExecutionMs } from '../catapult/assumptions.js';
import type { ConferenceId } from '../conference/id.js';
import type { Ledger } from '../ledger/ledger.js';
import type { DispatcherDeps } from './dispatcher-deps.js';
import { makeAccount, maxUnderWay, type Account } from './account.js';
import { makeCrowded, type Crowded } from './crowded.js';
import type { DispatcherView, Submission } from './dispatch-event.js';
import { metered } from './metered.js';
import { makeQueue, type Queue } from './queue.js';
import type { Waiting } from './waiting.js';
import { makeRests, type Rests } from './rests.js';
import { makeTurns, type Turns } from './turns.js';
import { makeTurnstile, type Turnstile } from './turnstile.js';
import { makeWire } from './wire.js';

export interface Dispatcher {
  readonly submit: (submissions: readonly Submission[]) => void;
  /** It needs no call any more. One that is under way is not touched. */
  readonly withdraw: (conferences: readonly ConferenceId[]) => void;
  /** One that waits for people to leave, or to be read, is looked at as soon as nothing else could go. */
  readonly nudge: (conference: ConferenceId) => void;
  /** Spare reads may have become due. */
  readonly wake: IO<void>;
  /** Resolves when nothing waits and nothing is under way, or when the dispatcher has stopped. */
  readonly idle: Task<void>;
  /** No new call; resolves when those under way are recorded. */
  readonly stop: Task<void>;
  readonly view: IO<DispatcherView>;
}

type News = Pick<Waiting, 'conference' | 'lane'>;

/** The one mutable thing: where a dispatcher is. */
interface Run {
  readonly deps: DispatcherDeps;
  readonly queue: Queue;
  readonly turnstile: Turnstile;
  readonly account: Account;
  readonly turns: Turns;
  readonly crowded: Crowded;
  readonly rests: Rests;
  /** What was submitted last and never tried, unless another first attempt of its lane has left since. */
  news: O.Option<News>;
  stopping: boolean;
  stoppedBy: DispatcherView['stoppedBy'];
  cancelTimer: IO<void>;
  idleWaiters: readonly IO<void>[];
}

export const makeDispatcher = (given: DispatcherDeps): Dispatcher => {
  const run = makeRun(given);
  const { queue, crowded } = run;
  return {
    submit: (submissions) => {
      enqueue(run, submissions);
      pump(run);
    },
    withdraw: (conferences) => {
      for (const conference of conferences) {
        queue.remove(conference);
        crowded.forget(conference);
      }
      pump(run);
    },
    nudge: (conference) => {
      const known = queue.get(conference);
      if (O.isSome(known) && known.value.lane === 3)
        again(run, known.value, { awaits: known.value.awaits }, 0);
      pump(run);
    },
    wake: () => {
      pump(run);
    },
    idle: untilIdle(run),
    stop: async () => {
      run.stopping = true;
      await untilIdle(run)();
    },
    view: () => ({
      backlog: queue.backlog(),
      waiting: queue.waiting,
      underWay: queue.busy(),
      intervalMs: run.turnstile.intervalMs(),
      refused: crowded.all(),
      paused: run.account.outage(),
      stoppedBy: run.stoppedBy,
    }),
  };
};

const makeRun = (given: DispatcherDeps): Run => {
  const { ledger, clock, random, rate, patience } = given;
  const turnstile = makeTurnstile({
    clock,
    rate,
    learned: ledger.facts().budget,
    // Should it be lost, it is learned again.
    onLearned: (budget) => void ledger.writeFacts({ budget })(),
  });
  const account = makeAccount({
    clock,
    random,
    patience,
    hasNews: () => O.exists(({ conference }: News) => O.isSome(run.queue.get(conference)))(run.news),
    onOutage: (failure) => given.report({ _tag: 'Paused', failure }),
    onOver: (answered, failing) => {
      for (const conference of failing) tryAgain(run, conference);
      given.report({ _tag: 'Resumed', answered });
    },
  });
  const wire = makeWire(maxUnderWay);
  const deps: DispatcherDeps = { ...given, catapult: metered(given.catapult, clock, turnstile.meter) };
  const crowded = makeCrowded();
  const rests = makeRests(doubtfulIn(ledger), clock.elapsed() + lateExecutionMs);
  const turns = makeTurns({
    deps,
    turnstile,
    account,
    crowded,
    rests,
    wire,
    isOpen: () => !run.stopping && slots(run) > 1 && openAtMs(run) <= clock.elapsed(),
    again: (waiting, change, delayMs) => again(run, waiting, change, delayMs),
    stopBecause: (reason) => {
      run.stopping = true;
      run.stoppedBy = O.some(reason);
    },
  });
  const run: Run = {
    deps,
    queue: makeQueue(),
    turnstile,
    account,
    turns,
    crowded,
    rests,
    news: O.none,
    stopping: false,
    stoppedBy: O.none,
    cancelTimer: () => undefined,
    idleWaiters: [],
  };
  return run;
};

/** What an earlier process left in doubt may have been under way when this one began. */
const doubtfulIn = ({ records }: Pick<Ledger, 'records'>): readonly ConferenceId[] =>
  [...records.values()]
    .filter(
      ({ intent, settings }) =>
        O.isSome(intent) || Object.values(settings).some(({ _tag }) => _tag === 'InDoubt'),
    )
    .map(({ id }) => id);

const untilIdle =
  (run: Run): Task<void> =>
  () =>
    new Promise((resolve) => {
      run.idleWaiters = [...run.idleWaiters, resolve];
      pump(run);
    });

const pump = (run: Run): void => {
  run.cancelTimer();
  while (!run.stopping && startNext(run));
  if (!run.stopping) armTimer(run);
  if (run.queue.busy() > 0 || !(run.stopping || isEmpty(run))) return;
  // With nothing to send or to read nobody can find out whether the account works: no reason to go on complaining.
  if (!run.stopping && !isReadSoon(run)) run.account.forgive();
  const waiters = run.idleWaiters;
  run.idleWaiters = [];
  for (const wake of waiters) wake();
};

const soonMs = 60_000;

const isReadSoon = ({ deps }: Run): boolean =>
  O.exists((dueMs: number) => dueMs <= deps.clock.elapsed() + soonMs)(deps.spare.dueMs());

const isEmpty = ({ queue }: Run): boolean =>
  Object.values(queue.backlog().lanes).every((waiting) => waiting === 0);

/** True when there may be more to start. */
const startNext = (run: Run): boolean => {
  const { deps, queue, turns } = run;
  const nowMs = deps.clock.elapsed();
  if (queue.busy() >= slots(run) || nowMs < openAtMs(run)) return false;
  const taken = queue.take(nowMs);
  if (O.isNone(taken)) return startSpare(run, nowMs);
  const waiting = taken.value;
  const change = deps.decide(waiting.conference);
  if (O.isSome(waiting.permit) && !turns.mayGo(change, waiting)) {
    // It was permitted something else, or too long ago: it waits for its turn to be looked at again.
    queue.release(waiting.conference);
    queue.put({ ...waiting, permit: O.none });
    return true;
  }
  const task = turns.taskFor(change, waiting);
  if (O.isNone(task)) {
    queue.release(waiting.conference);
    deps.report({ _tag: 'Skipped', change });
    return true;
  }
  if (hasBeenTried(run.news, waiting)) run.news = O.none;
  start(run, waiting.conference, task.value);
  return true;
};

const hasBeenTried = (news: O.Option<News>, { attempts, lane }: Waiting): boolean =>
  O.isSome(news) && attempts === 0 && lane <= news.value.lane;

const startSpare = (run: Run, nowMs: number): boolean => {
  const { deps, queue, turns } = run;
  if (nowMs < spareAtMs(run)) return false;
  const conference = deps.spare.next(nowMs);
  if (O.isNone(conference) || queue.isBusy(conference.value)) return false;
  queue.occupy(conference.value);
  start(run, conference.value, turns.sight(conference.value));
  return true;
};

const start = (run: Run, conference: ConferenceId, task: Task<void>): void => {
  run.turnstile.spend();
  void settled(task).then((ended) => {
    afterTask(run, conference, ended);
  });
};

const settled = async (task: Task<void>): Promise<E.Either<Error, void>> => {
  try {
    await task();
    return E.right(undefined);
  } catch (error) {
    return E.left(E.toError(error));
  }
};

const afterTask = (run: Run, conference: ConferenceId, ended: E.Either<Error, void>): void => {
  const { deps, queue } = run;
  queue.release(conference);
  if (E.isLeft(ended)) {
    deps.report({ _tag: 'Broken', conference, message: ended.left.message });
  } else {
    const need = deps.need(conference);
    if (O.isSome(need)) enqueue(run, [need.value]);
  }
  pump(run);
};

/** More than may be under way, where nothing but the latency limits how many leave. */
const slots = ({ deps, account, turnstile }: Run): number => {
  const most = account.slots();
  const isAhead = deps.isAhead && most === maxUnderWay && turnstile.intervalMs() === 0;
  return isAhead ? maxUnderWay + maxAhead : most;
};

/** As many again: commits may take half as long as the network does, and few are lost when killed. */
const maxAhead = maxUnderWay;

const openAtMs = ({ turnstile, account }: Run): number => Math.max(turnstile.openAtMs(), account.openAtMs());

/** During an outage a read that nobody needs is the probe where nothing else could be. */
const spareAtMs = ({ turnstile, account }: Run): number =>
  Math.max(turnstile.spareAtMs(), account.openAtMs());

const armTimer = (run: Run): void => {
  const { queue, deps } = run;
  if (queue.busy() >= slots(run)) return;
  const due = queue.nextDueMs();
  const spare = deps.spare.dueMs();
  const atMs = Math.min(
    O.isSome(due) ? Math.max(due.value, openAtMs(run)) : Number.POSITIVE_INFINITY,
    O.isSome(spare) ? Math.max(spare.value, spareAtMs(run)) : Number.POSITIVE_INFINITY,
  );
  if (atMs === Number.POSITIVE_INFINITY) return;
  run.cancelTimer = deps.clock.after(Math.max(1, Math.ceil(atMs - deps.clock.elapsed())), () => {
    pump(run);
  });
};

/** What waits already for the same declaration keeps its place and its time; only its lane may get better. */
const enqueue = (run: Run, submissions: readonly Submission[]): void => {
  const { deps, queue, crowded, rests } = run;
  const nowMs = deps.clock.elapsed();
  for (const { conference, lane, declaration, delayMs, attempts } of submissions) {
    // One that is under way is looked at again when its call has ended.
    if (queue.isBusy(conference)) continue;
    const known = queue.get(conference);
    if (O.isSome(known) && known.value.declaration === declaration) {
      // Whether people have left may be asked when nothing else could go.
      if (lane < known.value.lane && known.value.awaits === 'turn') queue.put({ ...known.value, lane });
      continue;
    }
    crowded.forget(conference);
    const dueMs = Math.max(nowMs + delayMs, rests.endMs(conference));
    const times = { sinceMs: nowMs, dueMs, backedOffMs: 0 };
    const untouched = { limits: 0, untried: false, awaits: 'turn', permit: O.none } as const;
    queue.put({ conference, lane, declaration, attempts, ...times, ...untouched });
    if (attempts === 0) run.news = O.some({ conference, lane });
  }
};

const again = (run: Run, waiting: Waiting, change: Partial<Waiting>, delayMs: number): void => {
  const { deps, queue, rests } = run;
  const dueMs = Math.max(deps.clock.elapsed() + delayMs, rests.endMs(waiting.conference));
  queue.put({ ...waiting, permit: O.none, awaits: 'turn', ...change, dueMs });
};

/** It failed because the API did: it need not wait for its time. */
const tryAgain = (run: Run, conference: ConferenceId): void => {
  const known = run.queue.get(conference);
  if (O.isSome(known) && known.value.awaits === 'turn') again(run, known.value, {}, 0);
};
