/**
 * What an answer leaves in the ledger: the table "What an answer means", as data. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Evidence, Failure } from '../catapult/answer.js';
import type { Body } from '../conference/settings.js';
import type { Outcome, Trouble } from '../ledger/record.js';

/** What the ledger records of a call that failed. */
export const outcomeOf = (failure: Failure): Outcome['_tag'] => {
  switch (failure._tag) {
    case 'InDoubt':
      return 'InDoubt';
    case 'Ended':
      return 'Ended';
    case 'Rejected':
    case 'Denied':
    case 'Missing':
    case 'Conflict':
    case 'Limited':
    case 'Unsent':
      return 'NotExecuted';
  }
};

export interface TroubleContext {
  readonly body: Body;
  readonly before: O.Option<Trouble>;
  readonly declared: string;
  readonly attempts: number;
  readonly nowMs: number;
  readonly retryAfterMs: O.Option<number>;
}

/** Why the conference is not settled. What is wrong with the account is no trouble of the conference. */
export const troubleOf = (failure: Failure, context: TroubleContext): O.Option<Trouble> => {
  const kind = kindOf(failure, context.body);
  if (kind === 'none') return O.none;
  if (kind === 'unchanged') return context.before;
  const { before, nowMs } = context;
  return O.some({
    kind,
    evidence: failure.evidence,
    declared: context.declared,
    attempts: context.attempts,
    sinceMs: O.isSome(before) && before.value.kind === kind ? before.value.sinceMs : nowMs,
    nextAttemptAtMs: O.map((delayMs: number) => nowMs + Math.round(delayMs))(context.retryAfterMs),
  });
};

/** What is shown of an answer that was a success. */
export const successEvidence = (status: number): Evidence => ({
  status: O.some(status),
  code: O.none,
  message: '',
});

const kindOf = (failure: Failure, body: Body): Trouble['kind'] | 'none' | 'unchanged' => {
  switch (failure._tag) {
    case 'Rejected':
      return 'rejected';
    case 'Missing':
      return 'missing';
    case 'Conflict':
    case 'InDoubt':
      return 'failing';
    case 'Ended':
      return body.state === undefined ? 'blocked' : 'none';
    case 'Denied':
    case 'Limited':
    case 'Unsent':
      return 'unchanged';
  }
};
