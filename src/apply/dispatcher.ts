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
import * as TE from 'fp-ts/lib/TaskEither.js';
import { lateExecutionMs } from '../catapult/assumptions.js';
import type { Failure } from '../catapult/answer.js';
import type { ConferenceId } from '../conference/id.js';
import { bodyEntries } from '../conference/settings.js';
import type { LedgerError } from '../ledger/store.js';
import { bodyOf } from '../plan/diff.js';
import { guardOf, permits, sameGuard, tooManyWords } from '../plan/guard.js';
import type { Change, Rate, Sendable } from '../plan/plan.js';
import type { Clock } from '../time/clock.js';
import { answered, limited, makeBudget, readyAtMs, spend, succeeded, type Budget } from './budget.js';
import { isTooLate, makeCall, type CallDeps } from './call.js';
import { makeCrowded, type Crowded } from './crowded.js';
import type { DispatchEvent, DispatcherView, Settlement, Submission } from './dispatch-event.js';
import { makeLook, type Looked } from './look.js';
import { metered } from './metered.js';
import { backoffMs, isAccountFailure, type AccountFailure } from './patience.js';
import { failureOf, pausedUntilMs, probesWith, refusedIn, type Pause } from './pause.js';
import { contentOf, isPermitted, permitFor } from './permit.js';
import { makeQueue, type Queue, type Waiting } from './queue.js';

export interface DispatcherDeps extends CallDeps {
  readonly rate: Rate;
  /** What the conference needs now: the diff, taken again. */
  readonly decide: (conference: ConferenceId) => Change;
  /** The revision that `decide` decides by. */
  readonly revision: IO<string>;
  /** What is still to do for a conference after its call has ended; none: nothing. */
  readonly need: (conference: ConferenceId) => O.Option<Submission>;
  readonly report: (event: DispatchEvent) => void;
}

export interface Dispatcher {
  readonly submit: (submissions: readonly Submission[]) => void;
  /** It needs no call any more. One that is under way is not touched. */
  readonly withdraw: (conferences: readonly ConferenceId[]) => void;
  /** Resolves when nothing waits and nothing is under way, or when the dispatcher has stopped. */
  readonly idle: Task<void>;
  /** No new call; resolves when those under way are recorded. */
  readonly stop: Task<void>;
  readonly view: IO<DispatcherView>;
}

/** Calls under way at once, at most: enough to fill any latency, and few enough to lose little when killed. */
const maxUnderWay = 16;
/** A conference that the API refuses while it takes others is tried again this seldom in the end. */
const suspectRetryMs = 5 * 60_000;

/** The one mutable thing: where a dispatcher is. */
interface Run {
  readonly deps: DispatcherDeps;
  readonly queue: Queue;
  /** Refused while others were answered: their refusals are about themselves. */
  readonly suspects: Set<ConferenceId>;
  /** A call of theirs may still be executed: nothing is sent to them before this moment. */
  readonly restUntilMs: Map<ConferenceId, number>;
  readonly crowded: Crowded;
  budget: Budget;
  pause: O.Option<Pause>;
  /** The state could not be written: nothing starts before. */
  heldUntilMs: number;
  stopping: boolean;
  stoppedBy: DispatcherView['stoppedBy'];
  cancelTimer: IO<void>;
  idleWaiters: readonly IO<void>[];
}

type Trial = Pick<Extract<Settlement, { _tag: 'Failed' }>, 'failure' | 'retryAfterMs'>;
type Seen = Extract<Looked, { _tag: 'Seen' }>;

export const makeDispatcher = (given: DispatcherDeps): Dispatcher => {
  const { clock } = given;
  const catapult = metered(given.catapult, clock, (failure, durationMs) => {
    run.budget = taught(run.budget, failure, durationMs, clock);
  });
  const deps: DispatcherDeps = { ...given, catapult };
  const run: Run = {
    deps,
    queue: makeQueue(),
    suspects: new Set(),
    restUntilMs: restingIn(deps),
    crowded: makeCrowded(),
    budget: makeBudget(deps.rate),
    pause: O.none,
    heldUntilMs: 0,
    stopping: false,
    stoppedBy: O.none,
    cancelTimer: () => undefined,
    idleWaiters: [],
  };
  return {
    submit: (submissions) => {
      enqueue(run, submissions);
      pump(run);
    },
    withdraw: (conferences) => {
      for (const conference of conferences) {
        run.queue.remove(conference);
        run.crowded.forget(conference);
      }
      pump(run);
    },
    idle: untilIdle(run),
    stop: async () => {
      run.stopping = true;
      await untilIdle(run)();
    },
    view: () => ({
      waiting: run.queue.waiting(),
      underWay: run.queue.busy(),
      refused: run.crowded.all(),
      paused: failureOf(run.pause),
      stoppedBy: run.stoppedBy,
    }),
  };
};

/** What an earlier process left in doubt may have been under way when this one began. */
const restingIn = ({ ledger, clock }: DispatcherDeps): Map<ConferenceId, number> => {
  const untilMs = clock.elapsed() + lateExecutionMs;
  const doubtful = [...ledger.records.values()].filter(
    ({ intent, settings }) =>
      O.isSome(intent) || Object.values(settings).some(({ _tag }) => _tag === 'InDoubt'),
  );
  return new Map(doubtful.map(({ id }) => [id, untilMs]));
};

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
  if (run.queue.busy() > 0 || !(run.stopping || O.isNone(run.queue.nextDueMs()))) return;
  // With nothing to send nobody can find out whether the account works: that is no reason to go on complaining.
  if (!run.stopping) resume(run, false);
  const waiters = run.idleWaiters;
  run.idleWaiters = [];
  for (const wake of waiters) wake();
};

/** True when there may be more to start. */
const startNext = (run: Run): boolean => {
  const { deps, queue } = run;
  const nowMs = deps.clock.elapsed();
  if (queue.busy() >= slots(run) || nowMs < gateMs(run)) return false;
  const taken = queue.take(nowMs);
  if (O.isNone(taken)) return false;
  const waiting = taken.value;
  const change = deps.decide(waiting.conference);
  if (O.isSome(waiting.permit) && !mayGo(run, change, waiting)) {
    // It was permitted something else, or too long ago: it waits for its turn to be looked at again.
    queue.release(waiting.conference);
    queue.put({ ...waiting, permit: O.none });
    return true;
  }
  const task = taskFor(run, change, waiting);
  if (O.isNone(task)) {
    queue.release(waiting.conference);
    deps.report({ _tag: 'Skipped', change });
    return true;
  }
  run.budget = spend(run.budget, nowMs);
  void TE.tryCatch(task.value, E.toError)().then((ended) => {
    afterTask(run, waiting.conference, ended);
  });
  return true;
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

/** While the account is paused, one call at a time finds out whether it works again. */
const slots = ({ pause }: Run): number => (O.isSome(pause) ? 1 : maxUnderWay);

/** The moment from which anything may start. */
const gateMs = ({ budget, heldUntilMs, pause }: Run): number =>
  Math.max(readyAtMs(budget), heldUntilMs, pausedUntilMs(pause));

const armTimer = (run: Run): void => {
  const { queue, deps } = run;
  const due = queue.nextDueMs();
  if (O.isNone(due) || queue.busy() >= slots(run)) return;
  const waitMs = Math.max(due.value, gateMs(run)) - deps.clock.elapsed();
  run.cancelTimer = deps.clock.after(Math.max(1, Math.ceil(waitMs)), () => {
    pump(run);
  });
};

const taskFor = (run: Run, change: Change, waiting: Waiting): O.Option<Task<void>> => {
  switch (change._tag) {
    case 'Update':
    case 'Complete':
      return O.some(mayGo(run, change, waiting) ? send(run, change, waiting) : look(run, change, waiting));
    case 'None':
      return change.read ? O.some(look(run, change, waiting)) : O.none;
    case 'Release':
    case 'Suspended':
    case 'Blocked':
      return O.none;
  }
};

const mayGo = ({ deps }: Run, change: Change, { permit }: Waiting): boolean =>
  isPermitted(change, permit, deps.clock.elapsed());

const send =
  (run: Run, change: Sendable, waiting: Waiting): Task<void> =>
  async () => {
    const { deps } = run;
    const settlement = await makeCall(change, waiting, deps.revision(), {
      isCurrent: () => isStillWanted(change, deps.decide(change.conference)),
      isInTime: () => mayGo(run, change, waiting),
    })(deps)();
    if (settlement._tag === 'NotRecorded') {
      notRecorded(run, settlement.error, waiting);
      return;
    }
    if (settlement._tag === 'Withheld') {
      again(run, waiting, { untried: true }, 0);
      unrecorded(run, settlement.unrecorded);
      return;
    }
    const { durationMs } = settlement.result;
    if (settlement._tag === 'Applied') works(run, change.conference);
    else if (isTooLate(settlement.failure)) retry(run, settlement, waiting);
    else failed(run, settlement, waiting, durationMs);
    deps.report({ _tag: 'Called', change, settlement });
    unrecorded(run, settlement.unrecorded);
  };

/** What would be sent now is what is about to leave, and perhaps more; and it may go for the same reason. */
const isStillWanted = (leaving: Sendable, change: Change): boolean => {
  if (change._tag !== leaving._tag || !sameGuard(leaving.guard, guardOf(change))) return false;
  const wanted = bodyOf(change);
  return bodyEntries(bodyOf(leaving)).every(([name, value]) => wanted[name] === value);
};

const unrecorded = (run: Run, error: O.Option<LedgerError>): void => {
  if (O.isNone(error)) return;
  stopBecause(run, error.value);
  run.deps.report({ _tag: 'LedgerFailed', error: error.value });
};

const look =
  (run: Run, change: Change, waiting: Waiting): Task<void> =>
  async () => {
    const { deps } = run;
    const looked = await makeLook(waiting)(deps)();
    switch (looked._tag) {
      case 'Seen':
        works(run, change.conference);
        judge(run, change, waiting, looked);
        return;
      case 'NotRecorded':
        works(run, change.conference);
        notRecorded(run, looked.error, waiting);
        return;
      case 'Failed':
        failed(run, looked, waiting, looked.durationMs);
        if (O.isSome(looked.unrecorded))
          deps.report({ _tag: 'LedgerFailed', error: looked.unrecorded.value });
        deps.report({ ...looked, _tag: 'LookFailed', change });
    }
  };

/** What a look means for the change it was made for. */
const judge = (run: Run, change: Change, waiting: Waiting, seen: Seen): void => {
  const { deps } = run;
  const guard = guardOf(change);
  const { live, audience, seenMs } = seen;
  if (live.state === 'completed' || guard._tag === 'Free') {
    run.crowded.forget(change.conference);
  } else if (permits(guard, audience)) {
    run.crowded.forget(change.conference);
    again(run, waiting, { permit: O.some(permitFor(change, seenMs, run.budget.intervalMs)) }, 0);
  } else if (contentOf(deps.decide(change.conference)) !== contentOf(change)) {
    // Meanwhile it was declared otherwise: what is refused is no longer wanted.
    again(run, waiting, {}, 0);
  } else {
    awaitFewer(run, waiting);
    if (guard._tag === 'AtMost') return refuse(run, change, waiting, audience, guard.audience);
  }
  deps.report({ _tag: 'Looked', change, live, audience });
};

const awaitFewer = (run: Run, waiting: Waiting): void => {
  const { audiencePollMs } = run.deps.patience;
  // Behind the others: who has never been looked at must not wait for those who are looked at for ever.
  const sinceMs = run.deps.clock.elapsed();
  if (O.isSome(audiencePollMs)) again(run, waiting, { lane: 3, sinceMs }, audiencePollMs.value);
};

const refuse = (
  run: Run,
  change: Change,
  { declaration }: Waiting,
  audience: O.Option<number>,
  allowed: number,
): void => {
  const { conference } = change;
  const at = 'at' in change ? change.at : O.none;
  const refusal = { conference, at, audience, message: tooManyWords(audience, allowed) };
  run.deps.report({ _tag: 'Refused', refusal, isNews: run.crowded.add(refusal, declaration) });
};

const failed = (run: Run, trial: Trial, waiting: Waiting, durationMs: number): void => {
  const { failure } = trial;
  if (isAccountFailure(failure)) {
    accountFailed(run, failure, waiting, run.deps.clock.elapsed() - durationMs);
    return;
  }
  works(run, waiting.conference);
  if (failure._tag === 'InDoubt')
    run.restUntilMs.set(waiting.conference, run.deps.clock.elapsed() + lateExecutionMs);
  retry(run, trial, waiting);
};

const retry = (run: Run, { failure, retryAfterMs }: Trial, waiting: Waiting): void => {
  if (O.isNone(retryAfterMs)) return;
  const delayMs = retryAfterMs.value;
  const change: Partial<Waiting> =
    failure._tag === 'Limited'
      ? { untried: true, limits: waiting.limits + 1 }
      : {
          untried: false,
          limits: 0,
          attempts: waiting.attempts + 1,
          backedOffMs: waiting.backedOffMs + delayMs,
        };
  again(run, waiting, change, delayMs);
};

/** What was refused for the limit did not count, nor did what says that the account does not work. */
const taught = (
  budget: Budget,
  failure: O.Option<Failure>,
  durationMs: number,
  { now, elapsed }: Clock,
): Budget => {
  if (O.isSome(failure) && isAccountFailure(failure.value)) return budget;
  if (O.isNone(failure) || failure.value._tag !== 'Limited')
    return succeeded(answered(budget, elapsed(), durationMs));
  return limited(budget, elapsed(), O.map((resetMs: number) => resetMs - now())(failure.value.resetAtMs));
};

/** The API answered, whatever it said: the account works. */
const works = (run: Run, conference: ConferenceId): void => {
  run.suspects.delete(conference);
  for (const refused of refusedIn(run.pause)) if (refused !== conference) run.suspects.add(refused);
  resume(run, true);
};

const resume = (run: Run, answered: boolean): void => {
  if (O.isNone(run.pause)) return;
  run.pause = O.none;
  run.deps.report({ _tag: 'Resumed', answered });
};

const accountFailed = (run: Run, failure: AccountFailure, waiting: Waiting, leftMs: number): void => {
  const { patience, random, clock, report } = run.deps;
  const nowMs = clock.elapsed();
  if (failure._tag === 'Denied' && run.suspects.has(waiting.conference)) {
    const attempts = waiting.attempts + 1;
    again(run, waiting, { attempts, untried: false }, backoffMs(attempts, suspectRetryMs, random()));
    return;
  }
  // Behind the others: the next probe is for another conference.
  again(run, waiting, { sinceMs: nowMs, untried: false }, 0);
  const probes = probesWith(run.pause, leftMs);
  if (O.isNone(probes)) return;
  const probeAfterMs = patience.probeAfterMs(failure, probes.value, random());
  if (O.isNone(probeAfterMs)) {
    stopBecause(run, failure);
    return;
  }
  const isNews = O.isNone(run.pause) || run.pause.value.failure._tag !== failure._tag;
  const refused = new Set([
    ...refusedIn(run.pause),
    ...(failure._tag === 'Denied' ? [waiting.conference] : []),
  ]);
  run.pause = O.some({
    failure,
    probes: probes.value,
    probeAtMs: nowMs + probeAfterMs.value,
    failedAtMs: nowMs,
    refused,
  });
  if (isNews) report({ _tag: 'Paused', failure });
};

const notRecorded = (run: Run, error: LedgerError, waiting: Waiting): void => {
  const { patience, clock, report } = run.deps;
  again(run, waiting, { untried: true }, 0);
  const retryMs = error._tag === 'Unavailable' ? patience.ledgerRetryMs : O.none;
  if (O.isSome(retryMs)) run.heldUntilMs = clock.elapsed() + retryMs.value;
  else stopBecause(run, error);
  report({ _tag: 'LedgerFailed', error });
};

const stopBecause = (run: Run, reason: AccountFailure | LedgerError): void => {
  run.stopping = true;
  run.stoppedBy = O.some(reason);
};

/** What waits already for the same declaration keeps its place and its time; only its lane may get better. */
const enqueue = (run: Run, submissions: readonly Submission[]): void => {
  const { deps, queue, crowded } = run;
  const nowMs = deps.clock.elapsed();
  for (const { conference, lane, declaration, delayMs, attempts } of submissions) {
    // One that is under way is looked at again when its call has ended.
    if (queue.isBusy(conference)) continue;
    const known = queue.get(conference);
    if (O.isSome(known) && known.value.declaration === declaration) {
      // Whether people have left may be asked when nothing else could go.
      if (lane < known.value.lane && !crowded.has(conference)) queue.put({ ...known.value, lane });
      continue;
    }
    crowded.forget(conference);
    const dueMs = Math.max(nowMs + delayMs, run.restUntilMs.get(conference) ?? 0);
    const times = { sinceMs: nowMs, dueMs, backedOffMs: 0 };
    const untouched = { limits: 0, untried: false, permit: O.none };
    queue.put({ conference, lane, declaration, attempts, ...times, ...untouched });
  }
};

/** Whatever was permitted before is not any more. */
const again = (run: Run, waiting: Waiting, change: Partial<Waiting>, delayMs: number): void => {
  const { deps, queue, restUntilMs } = run;
  const dueMs = Math.max(deps.clock.elapsed() + delayMs, restUntilMs.get(waiting.conference) ?? 0);
  queue.put({ ...waiting, permit: O.none, ...change, dueMs });
};
