/**
 * What one turn does: send a change, look at a conference first, or read one because nobody else needed the
 * turn. What follows from the answer goes back to the queue.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import { lateExecutionMs } from '../catapult/assumptions.js';
import type { Failure } from '../catapult/answer.js';
import type { ConferenceId } from '../conference/id.js';
import { bodyEntries } from '../conference/settings.js';
import type { Sighting } from '../ledger/record.js';
import type { LedgerError } from '../ledger/store.js';
import { bodyOf } from '../plan/diff.js';
import { guardOf, permits, sameGuard, tooManyWords } from '../plan/guard.js';
import type { Change, Sendable } from '../plan/plan.js';
import { isOutageFailure, type OutageFailure } from './patience.js';
import { isTooLate, makeCall } from './call.js';
import type { Crowded } from './crowded.js';
import type { Settlement } from './dispatch-event.js';
import type { DispatcherDeps } from './dispatcher-deps.js';
import { makeLook, makeSight, type Looked } from './look.js';
import { backoffMs, limitsBeforeAlone } from './patience.js';
import { contentOf, isPermitted, permitFor } from './permit.js';
import type { Waiting } from './waiting.js';
import type { Rests } from './rests.js';
import type { Account } from './account.js';
import type { Turnstile } from './turnstile.js';
import type { Place, Wire } from './wire.js';

export interface TurnDeps {
  readonly deps: DispatcherDeps;
  readonly turnstile: Turnstile;
  readonly account: Account;
  readonly crowded: Crowded;
  readonly rests: Rests;
  readonly wire: Wire;
  /** A call may leave now. */
  readonly isOpen: IO<boolean>;
  /** It waits again, from so many milliseconds on. Whatever was permitted before is not any more. */
  readonly again: (waiting: Waiting, change: Partial<Waiting>, delayMs: number) => void;
  /** No new call at all. */
  readonly stopBecause: (reason: OutageFailure | LedgerError) => void;
}

export interface Turns {
  /** none: there is nothing to call for. */
  readonly taskFor: (change: Change, waiting: Waiting) => O.Option<Task<void>>;
  readonly mayGo: (change: Change, waiting: Waiting) => boolean;
  readonly sight: (conference: ConferenceId) => Task<void>;
}

type Trial = Pick<Extract<Settlement, { _tag: 'Failed' }>, 'failure' | 'retryAfterMs'>;
type Seen = Extract<Looked, { _tag: 'Seen' }>;

/** A conference that the API refuses while it takes others is tried again this seldom in the end. */
const suspectRetryMs = 5 * 60_000;

export const makeTurns = (run: TurnDeps): Turns => ({
  taskFor: (change, waiting) => {
    switch (change._tag) {
      case 'Update':
      case 'Complete':
        return O.some(
          inPlace(run, mayGo(run, change, waiting) ? send(run, change, waiting) : look(run, change, waiting)),
        );
      case 'None':
        return change.read ? O.some(inPlace(run, look(run, change, waiting))) : O.none;
      case 'Release':
      case 'Suspended':
      case 'Blocked':
        return O.none;
    }
  },
  mayGo: (change, waiting) => mayGo(run, change, waiting),
  sight: (conference) => inPlace(run, sight(run, conference)),
});

/** Room on the wire is given back when what the answer means has been heard, or before. */
const inPlace =
  ({ wire }: TurnDeps, work: (place: Place) => Promise<void>): Task<void> =>
  async () => {
    const place = wire.place();
    try {
      await work(place);
    } finally {
      place.leave();
    }
  };

const mayGo = ({ deps }: TurnDeps, change: Change, { permit }: Waiting): boolean =>
  isPermitted(change, permit, deps.clock.elapsed());

const send =
  (run: TurnDeps, change: Sendable, waiting: Waiting) =>
  async (place: Place): Promise<void> => {
    const { deps, account } = run;
    const { conference } = change;
    const isProbe = O.isSome(account.outage());
    const settlement = await makeCall(change, waiting, deps.revision(), place, {
      isOpen: run.isOpen,
      isCurrent: () => isStillWanted(change, deps.decide(conference)),
      isInTime: () => mayGo(run, change, waiting),
    })(deps)();
    if (settlement._tag === 'NotRecorded') {
      notRecorded(run, settlement.error, waiting);
      return;
    }
    if (settlement._tag === 'Withheld') {
      run.again(waiting, { untried: true }, 0);
      unrecorded(run, settlement.unrecorded);
      return;
    }
    if (settlement._tag === 'Applied') heard(run, conference);
    else if (isTooLate(settlement.failure)) retry(run, settlement, waiting);
    else failed(run, settlement, waiting, settlement.result.durationMs);
    deps.report({ _tag: 'Called', change, settlement, isProbe });
    unrecorded(run, settlement.unrecorded);
  };

/** What would be sent now is what is about to leave, and perhaps more; and it may go for the same reason. */
const isStillWanted = (leaving: Sendable, change: Change): boolean => {
  if (change._tag !== leaving._tag || !sameGuard(leaving.guard, guardOf(change))) return false;
  const wanted = bodyOf(change);
  return bodyEntries(bodyOf(leaving)).every(([name, value]) => wanted[name] === value);
};

const look =
  (run: TurnDeps, change: Change, waiting: Waiting) =>
  async (place: Place): Promise<void> => {
    const { deps, account } = run;
    await place.take(false);
    const isProbe = O.isSome(account.outage());
    const before = deps.ledger.records.get(change.conference)?.sighting ?? O.none;
    const looked = await makeLook(waiting)(deps)();
    switch (looked._tag) {
      case 'Seen':
        heard(run, change.conference);
        judge(run, change, waiting, looked, isNewAudience(waiting, before, looked));
        return;
      case 'NotRecorded':
        heard(run, change.conference);
        notRecorded(run, looked.error, waiting);
        return;
      case 'Failed':
        failed(run, looked, waiting, looked.durationMs);
        if (O.isSome(looked.unrecorded))
          deps.report({ _tag: 'LedgerFailed', error: looked.unrecorded.value });
        deps.report({ ...looked, _tag: 'LookFailed', change, isProbe });
    }
  };

/** What a look means for the change it was made for. */
const judge = (run: TurnDeps, change: Change, waiting: Waiting, seen: Seen, isNews: boolean): void => {
  const { deps, crowded } = run;
  const guard = guardOf(change);
  const { live, audience, seenMs } = seen;
  if (live.state === 'completed' || guard._tag === 'Free') {
    crowded.forget(change.conference);
  } else if (permits(guard, audience)) {
    crowded.forget(change.conference);
    run.again(waiting, { permit: O.some(permitFor(change, seenMs, run.turnstile.intervalMs())) }, 0);
  } else if (contentOf(deps.decide(change.conference)) !== contentOf(change)) {
    // Meanwhile it was declared otherwise: what is refused is no longer wanted.
    run.again(waiting, {}, 0);
  } else {
    awaitFewer(run, waiting);
    if (guard._tag === 'AtMost') {
      refuse(run, change, waiting, audience, guard.audience);
      return;
    }
  }
  deps.report({ _tag: 'Looked', change, live, audience, isNews });
};

const isNewAudience = ({ awaits }: Waiting, before: O.Option<Sighting>, { audience, live }: Seen): boolean =>
  awaits === 'turn' ||
  live.state === 'completed' ||
  O.toUndefined(O.chain((seen: Sighting) => seen.audience)(before)) !== O.toUndefined(audience);

const awaitFewer = (run: TurnDeps, waiting: Waiting): void => {
  const { audiencePollMs } = run.deps.patience;
  // Behind the others: who has never been looked at must not wait for those who are looked at for ever.
  const sinceMs = run.deps.clock.elapsed();
  if (O.isSome(audiencePollMs))
    run.again(waiting, { lane: 3, sinceMs, awaits: 'people' }, audiencePollMs.value);
};

const refuse = (
  run: TurnDeps,
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

const sight =
  (run: TurnDeps, conference: ConferenceId) =>
  async (place: Place): Promise<void> => {
    const { deps } = run;
    await place.take(false);
    const before = deps.ledger.records.get(conference)?.trouble ?? O.none;
    const looked = await makeSight(conference)(deps)();
    switch (looked._tag) {
      case 'Seen':
        heard(run, conference);
        deps.report({ _tag: 'Sighted', conference, live: looked.live, audience: looked.audience });
        return;
      case 'NotRecorded':
        heard(run, conference);
        deps.report({ _tag: 'LedgerFailed', error: looked.error });
        return;
      case 'Failed':
        if (O.isSome(looked.unrecorded))
          deps.report({ _tag: 'LedgerFailed', error: looked.unrecorded.value });
        deps.report({
          _tag: 'SightFailed',
          conference,
          failure: looked.failure,
          isNews: O.isNone(before),
          isProbe: sightFailed(run, conference, looked),
        });
    }
  };

/** True when it is the account that does not work: the read says whether it does when it is made again. */
const sightFailed = (
  run: TurnDeps,
  conference: ConferenceId,
  { failure, durationMs }: Extract<Looked, { _tag: 'Failed' }>,
): boolean => {
  if (!mayBeOutage(run, failure)) {
    heard(run, conference);
    return false;
  }
  const verdict = run.account.failed(failure, conference, durationMs);
  stopIfOver(run, failure, verdict);
  return verdict === 'account' && O.isSome(run.account.outage());
};

const failed = (run: TurnDeps, trial: Trial, waiting: Waiting, durationMs: number): void => {
  const { failure } = trial;
  const { conference } = waiting;
  if (failure._tag === 'InDoubt') run.rests.until(conference, run.deps.clock.elapsed() + lateExecutionMs);
  if (!mayBeOutage(run, failure)) {
    heard(run, conference);
    retry(run, trial, waiting);
    return;
  }
  const verdict = run.account.failed(failure, conference, durationMs);
  if (failure._tag === 'InDoubt') retry(run, trial, waiting);
  else if (verdict === 'conference') retryAlone(run, waiting);
  // Behind the others: the next probe is for another conference.
  else run.again(waiting, { sinceMs: run.deps.clock.elapsed(), untried: false }, 0);
  stopIfOver(run, failure, verdict);
};

const mayBeOutage = ({ deps }: TurnDeps, failure: Failure): failure is OutageFailure =>
  isOutageFailure(failure) && (failure._tag !== 'InDoubt' || deps.patience.errorsMayBeOutage);

const stopIfOver = (run: TurnDeps, failure: OutageFailure, verdict: string): void => {
  if (verdict === 'over') run.stopBecause(failure);
};

const retryAlone = (run: TurnDeps, waiting: Waiting): void => {
  const attempts = waiting.attempts + 1;
  const delayMs = backoffMs(attempts, suspectRetryMs, run.deps.random());
  run.again(waiting, { attempts, untried: false }, delayMs);
};

const retry = (run: TurnDeps, { failure, retryAfterMs }: Trial, waiting: Waiting): void => {
  if (O.isNone(retryAfterMs)) return;
  const delayMs = retryAfterMs.value;
  const change: Partial<Waiting> =
    failure._tag === 'Limited'
      ? limitedAgain(run, waiting)
      : {
          untried: false,
          limits: 0,
          attempts: waiting.attempts + 1,
          backedOffMs: waiting.backedOffMs + delayMs,
        };
  run.again(waiting, change, delayMs);
};

/** It keeps its place, unless it is refused again and again: then the others go first. */
const limitedAgain = ({ deps }: TurnDeps, waiting: Waiting): Partial<Waiting> => {
  const limits = waiting.limits + 1;
  return limits <= limitsBeforeAlone
    ? { untried: true, limits }
    : { untried: false, limits, sinceMs: deps.clock.elapsed() };
};

/** The API answered, whatever it said. */
const heard = ({ account }: TurnDeps, conference: ConferenceId): void => {
  account.answered(conference);
};

const notRecorded = (run: TurnDeps, error: LedgerError, waiting: Waiting): void => {
  const { patience, report } = run.deps;
  run.again(waiting, { untried: true }, 0);
  const retryMs = error._tag === 'Unavailable' ? patience.ledgerRetryMs : O.none;
  if (O.isSome(retryMs)) run.turnstile.hold(retryMs.value);
  else run.stopBecause(error);
  report({ _tag: 'LedgerFailed', error });
};

const unrecorded = (run: TurnDeps, error: O.Option<LedgerError>): void => {
  if (O.isNone(error)) return;
  run.stopBecause(error.value);
  run.deps.report({ _tag: 'LedgerFailed', error: error.value });
};
