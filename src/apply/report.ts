/** What became of each change of a plan: the fold of what the dispatcher told. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Evidence, Failure } from '../catapult/answer.js';
import type { ConferenceId } from '../conference/id.js';
import { guardOf, peopleAre, permits } from '../plan/guard.js';
import type { Change, Plan } from '../plan/plan.js';
import type { AudienceRefusal, DispatchEvent, DispatcherView } from './dispatch-event.js';

export interface ApplyReport {
  readonly revision: string;
  /** One for each change that is not `None`, in the order of the plan. */
  readonly results: readonly ChangeResult[];
  /** Skipped because of the people in them. */
  readonly refused: readonly AudienceRefusal[];
  /** Why it ended before everything was tried. */
  readonly stoppedBy: DispatcherView['stoppedBy'];
}

export interface ChangeResult extends Finding {
  readonly change: Change;
}

export interface Finding {
  readonly outcome: ChangeOutcome;
  /** What the API said, or why no call was made. */
  readonly evidence: O.Option<Evidence>;
}

export type ChangeOutcome = 'applied' | 'rejected' | 'missing' | 'failed' | 'blocked' | 'skipped';

/** It was left otherwise than declared. */
export const isLeftOver = ({ outcome }: ChangeResult): boolean =>
  outcome !== 'applied' && outcome !== 'skipped';

/** What an event says of a conference; the last word counts. */
export const findingIn = (event: DispatchEvent): O.Option<readonly [ConferenceId, Finding]> => {
  switch (event._tag) {
    case 'Called': {
      const { settlement, change } = event;
      const finding: Finding =
        settlement._tag === 'Applied'
          ? { outcome: 'applied', evidence: O.some(settlement.result) }
          : failedFinding(settlement.failure, change._tag === 'Complete' || change.forget);
      return O.some([change.conference, finding]);
    }
    case 'Skipped':
      return O.some([event.change.conference, untouched(event.change, 'applied')]);
    case 'Looked':
      return O.map((finding: Finding) => [event.change.conference, finding] as const)(lookedFinding(event));
    case 'Refused': {
      const { conference, message } = event.refusal;
      return O.some([conference, { outcome: 'skipped', evidence: O.some(unanswered(message)) }]);
    }
    case 'LookFailed':
      return O.some([
        event.change.conference,
        failedFinding(event.failure, event.change._tag === 'Complete'),
      ]);
    case 'Broken':
      return O.some([event.conference, { outcome: 'failed', evidence: O.some(unanswered(event.message)) }]);
    case 'Sighted':
    case 'SightFailed':
    case 'Paused':
    case 'Resumed':
    case 'LedgerFailed':
      return O.none;
  }
};

/** One result for each change that is not `None`. */
export const resultsFor = (
  plan: Plan,
  findings: ReadonlyMap<ConferenceId, Finding>,
): readonly ChangeResult[] =>
  plan.changes
    .filter(({ _tag }) => _tag !== 'None')
    .map((change) => ({ change, ...(findings.get(change.conference) ?? untouched(change, 'skipped')) }));

/** none: the call follows. */
const lookedFinding = ({
  change,
  live,
  audience,
}: Extract<DispatchEvent, { _tag: 'Looked' }>): O.Option<Finding> => {
  if (live.state === 'completed') {
    return O.some(
      change._tag === 'Complete'
        ? { outcome: 'applied', evidence: O.none }
        : { outcome: 'blocked', evidence: O.some(unanswered('it has ended and cannot be changed')) },
    );
  }
  return permits(guardOf(change), audience)
    ? O.none
    : O.some({ outcome: 'skipped', evidence: O.some(occupied(audience)) });
};

/** `mayEnd`: that the conference has ended is what was asked for, or of no importance any more. */
const failedFinding = (failure: Failure, mayEnd: boolean): Finding => ({
  outcome: outcomeFor(failure, mayEnd),
  evidence: O.some(failure.evidence),
});

const outcomeFor = (failure: Failure, mayEnd: boolean): ChangeOutcome => {
  switch (failure._tag) {
    case 'Rejected':
      return 'rejected';
    case 'Missing':
      return 'missing';
    case 'Ended':
      return mayEnd ? 'applied' : 'blocked';
    case 'Denied':
    case 'Conflict':
    case 'Limited':
    case 'InDoubt':
    case 'Unsent':
      return 'failed';
  }
};

/** What becomes of a change that no call was made for; `otherwise` where a call would have been possible. */
const untouched = (change: Change, otherwise: 'applied' | 'skipped'): Finding => {
  switch (change._tag) {
    case 'Release':
      return { outcome: 'applied', evidence: O.none };
    case 'Blocked':
      return { outcome: 'blocked', evidence: O.none };
    case 'Suspended':
      return { outcome: 'skipped', evidence: O.none };
    case 'Update':
    case 'Complete':
    case 'None':
      return { outcome: otherwise, evidence: O.none };
  }
};

const unanswered = (message: string): Evidence => ({ status: O.none, code: O.none, message });

const occupied = (audience: O.Option<number>): Evidence =>
  unanswered(
    O.isNone(audience)
      ? 'the API does not tell whether people are still in it'
      : `${peopleAre(audience.value)} still in it`,
  );
