/**
 * One call: intent, request, outcome, in this order and nothing between.
 *
 * 1. The intent is durable before the request leaves; if that fails, nothing is sent.
 * 2. When there is room for one more request, one more look: what was superseded meanwhile does not leave, nor does
 *    anything that comes too late: after a time in which somebody else may have taken the state (a process that was
 *    stopped and goes on), or people may have come (a state that is slow to write). What had to wait for room is
 *    taken back then, as if it had never had its turn.
 * 3. The request is sent once.
 * 4. The outcome is durable before anybody acts on it. If that fails it is tried again, because the answer is
 *    known only here; should the process end first, the intent says that the settings are in doubt, and the
 *    next run sends them again, which is harmless.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Failure } from '../catapult/answer.js';
import type { Revision } from '../conference/revision.js';
import type { Catapult } from '../catapult/catapult.js';
import { sealBody } from '../conference/settings.js';
import type { Entry } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Call, CallResult, LedgerError } from '../ledger/store.js';
import { bodyOf } from '../plan/diff.js';
import type { Sendable } from '../plan/plan.js';
import type { Clock } from '../time/clock.js';
import type { Settlement } from './dispatch-event.js';
import { outcomeOf, troubleOf } from './outcome.js';
import type { Patience } from './patience.js';
import { isAccountFailure } from './patience.js';
import type { Waiting } from './waiting.js';
import type { Place } from './wire.js';

export interface CallDeps {
  readonly ledger: Pick<Ledger, 'records' | 'nextCall' | 'write'>;
  readonly catapult: Catapult;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: IO<number>;
  readonly patience: Patience;
  /** The reason given with `--force`. */
  readonly force: O.Option<string>;
  /** An outcome could not be written and will be tried again. */
  readonly onLedgerError: (error: LedgerError) => void;
}

/** Asked when the intent is durable and there is room, just before the request. */
export interface LastLook {
  /** Calls may leave, as far as the account and the budget are concerned. */
  readonly isOpen: IO<boolean>;
  /** What would be sent now is what is about to leave. */
  readonly isCurrent: IO<boolean>;
  /** What permitted the call still counts. */
  readonly isInTime: IO<boolean>;
}

/** The intent could not be written: nothing was sent. */
export interface NotRecorded {
  readonly _tag: 'NotRecorded';
  readonly error: LedgerError;
}

/** Something else is declared by now, or no call may leave: nothing was sent. */
export interface Withheld {
  readonly _tag: 'Withheld';
  readonly unrecorded: O.Option<LedgerError>;
}

/** The outcome may be known here alone. */
export type Called = Settlement & { readonly unrecorded: O.Option<LedgerError> };

const outcomeRetryMs = { first: 250, longest: 10_000 } as const;
/** An intent that is older than this may not be the last word any more: the lease lapses 5 s later. */
const intentCountsMs = 5_000;
/** Who does not wait for the state to work again waits this long for an outcome, because it is worth a call. */
const outcomePatienceMs = 20_000;

export const makeCall =
  (change: Sendable, waiting: Waiting, revision: Revision, place: Place, lastLook: LastLook) =>
  (deps: CallDeps): Task<Called | Withheld | NotRecorded> =>
  async () => {
    const { conference } = change;
    const call = intendedCall(change, waiting, revision, deps);
    const isFresh = freshness(deps.clock);
    const intended = await deps.ledger.write([{ _tag: 'Intended', conference, call }])();
    if (E.isLeft(intended)) return { _tag: 'NotRecorded', error: intended.left };
    const answer = await sent(change, O.isSome(waiting.permit), place, isFresh, lastLook, deps);
    if (answer._tag === 'Withheld') {
      const entry: Entry = { _tag: 'Withheld', conference, call, result: withheldBecause(answer.why) };
      return { _tag: 'Withheld', unrecorded: await record(entry, deps)() };
    }
    const settlement = E.isRight(answer.said)
      ? appliedBy(call, answer.said.right, answer.durationMs)
      : failedBy(call, answer.said.left, answer.durationMs, waiting, deps);
    const unrecorded = await record(finishedEntry(change, settlement, waiting, deps), deps)();
    return { ...settlement, unrecorded };
  };

type Sent =
  | { readonly _tag: 'Withheld'; readonly why: string }
  | { readonly _tag: 'Answered'; readonly said: E.Either<Failure, number>; readonly durationMs: number };

const sent = async (
  change: Sendable,
  isUrgent: boolean,
  place: Place,
  isFresh: IO<boolean>,
  { isOpen, isCurrent, isInTime }: LastLook,
  { clock, catapult }: CallDeps,
): Promise<Sent> => {
  const hasWaited = await place.take(isUrgent);
  const isLate = !isFresh() || !isInTime();
  if (hasWaited && (isLate || !isOpen())) return { _tag: 'Withheld', why: 'no call could leave in time' };
  if (isLate) return { _tag: 'Answered', said: E.left(tooLate), durationMs: 0 };
  if (!isCurrent()) return { _tag: 'Withheld', why: 'another declaration came in force before it left' };
  const startedMs = clock.elapsed();
  const said = await catapult.update(change.conference, bodyOf(change))();
  // What a failure says of the account has to be heard before another call leaves.
  if (E.isRight(said)) place.leave();
  return { _tag: 'Answered', said, durationMs: Math.round(clock.elapsed() - startedMs) };
};

/** It never left, and says nothing of the API. */
export const isTooLate = (failure: Failure): boolean => failure === tooLate;

/** Both clocks, because either may stand still or jump while the process or its machine sleeps. */
const freshness = ({ now, elapsed }: Clock): IO<boolean> => {
  const startMs = { wall: now(), steady: elapsed() };
  return () =>
    Math.abs(now() - startMs.wall) <= intentCountsMs && elapsed() - startMs.steady <= intentCountsMs;
};

const withheldBecause = (why: string): CallResult => ({
  outcome: 'NotExecuted',
  status: O.none,
  code: O.none,
  message: `not sent: ${why}`,
  durationMs: 0,
});

/** Tried again like a conflict, ever more seldom: a state that is slow once may stay so. */
const tooLate: Failure = {
  _tag: 'Conflict',
  evidence: {
    status: O.none,
    code: O.none,
    message: 'not sent: the state was so slow to write that it came too late',
  },
};

const intendedCall = (
  change: Sendable,
  waiting: Waiting,
  { revision, commit }: Revision,
  deps: CallDeps,
): Call => ({
  call: deps.ledger.nextCall(),
  conference: change.conference,
  method: 'POST',
  revision,
  commit,
  at: O.alt(() => change.at)(change.settings[0]?.at ?? O.none),
  body: sealBody(bodyOf(change)),
  attempt: waiting.attempts + 1,
  force: deps.force,
  startedAtMs: deps.clock.now(),
  result: O.none,
});

const appliedBy = (
  call: Call,
  status: number,
  durationMs: number,
): Extract<Settlement, { _tag: 'Applied' }> => ({
  _tag: 'Applied',
  call,
  result: { outcome: 'Applied', status: O.some(status), code: O.none, message: '', durationMs },
});

const failedBy = (
  call: Call,
  failure: Failure,
  durationMs: number,
  waiting: Waiting,
  { patience, random }: CallDeps,
): Extract<Settlement, { _tag: 'Failed' }> => ({
  _tag: 'Failed',
  call,
  result: { outcome: outcomeOf(failure), ...failure.evidence, durationMs },
  failure,
  retryAfterMs: isAccountFailure(failure)
    ? O.none
    : patience.retryAfterMs(
        failure,
        { attempts: call.attempt, backedOffMs: waiting.backedOffMs, limits: waiting.limits + 1 },
        random(),
      ),
});

const finishedEntry = (
  change: Sendable,
  settlement: Settlement,
  waiting: Waiting,
  { ledger, clock }: CallDeps,
): Entry => {
  const { conference, forget } = change;
  const { call, result } = settlement;
  const known = ledger.records.get(conference);
  const trouble =
    settlement._tag === 'Applied'
      ? O.none
      : troubleOf(settlement.failure, {
          body: call.body,
          before: known?.trouble ?? O.none,
          declared: waiting.declaration,
          attempts: waiting.attempts + 1,
          nowMs: clock.now(),
          retryAfterMs: settlement.retryAfterMs,
        });
  return { _tag: 'Finished', conference, call, result, trouble, forget };
};

/** Writes an outcome, again and again while the store is unavailable. Some: it gave up. */
const record =
  (entry: Entry, { ledger, clock, patience, onLedgerError }: CallDeps): Task<O.Option<LedgerError>> =>
  async () => {
    const startedMs = clock.elapsed();
    for (
      let delayMs: number = outcomeRetryMs.first;
      ;
      delayMs = Math.min(delayMs * 2, outcomeRetryMs.longest)
    ) {
      const written = await ledger.write([entry])();
      if (E.isRight(written)) return O.none;
      const impatient = O.isNone(patience.ledgerRetryMs) && clock.elapsed() - startedMs > outcomePatienceMs;
      if (written.left._tag !== 'Unavailable' || impatient) return O.some(written.left);
      onLedgerError(written.left);
      await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
    }
  };
