/** What became of each change of a plan: the fold of what the dispatcher told. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Evidence, Failure } from '../catapult/answer.js';
import type { ConferenceId } from '../conference/id.js';
import type { Change, Plan } from '../plan/plan.js';
import type { DispatchEvent, DispatcherView } from './dispatch-event.js';

export interface ApplyReport {
  readonly revision: string;
  /** One for each change that is not `None`, in the order of the plan. */
  readonly results: readonly ChangeResult[];
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
          : failedFinding(settlement.failure, change._tag === 'Complete');
      return O.some([change.conference, finding]);
    }
    case 'Skipped':
      return O.some([event.change.conference, untouched(event.change, 'applied')]);
    case 'Looked':
      return O.isSome(event.audience) && event.audience.value === 0
        ? O.none
        : O.some([event.conference, { outcome: 'skipped', evidence: O.some(occupied(event.audience)) }]);
    case 'LookFailed':
      return O.some([event.conference, failedFinding(event.failure, true)]);
    case 'Broken':
      return O.some([event.conference, { outcome: 'failed', evidence: O.some(unanswered(event.message)) }]);
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

const failedFinding = (failure: Failure, completing: boolean): Finding => ({
  outcome: outcomeFor(failure, completing),
  evidence: O.some(failure.evidence),
});

const outcomeFor = (failure: Failure, completing: boolean): ChangeOutcome => {
  switch (failure._tag) {
    case 'Rejected':
      return 'rejected';
    case 'Missing':
      return 'missing';
    case 'Ended':
      return completing ? 'applied' : 'blocked';
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
      : `${audience.value} ${audience.value === 1 ? 'person is' : 'people are'} still in it`,
  );
