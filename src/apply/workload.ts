/**
 * Which conferences of a plan have to be handed to the dispatcher, in which lane and not before when. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceRecord, Trouble } from '../ledger/record.js';
import { fingerprint } from '../plan/bookkeeping.js';
import type { Change } from '../plan/plan.js';
import type { Submission } from './dispatch-event.js';
import type { Lane } from './queue.js';

/** For one apply: whatever went wrong before is tried again, at once. */
export const workOf = (change: Change): O.Option<Submission> =>
  O.map((lane: Lane) => ({ conference: change.conference, lane, delayMs: 0, attempts: 0 }))(laneFor(change));

/** For the daemon: what was refused waits for another declaration, what failed waits for its time. */
export const patientWorkOf = (
  change: Change,
  record: O.Option<ConferenceRecord>,
  nowMs: number,
): O.Option<Submission> => {
  const trouble = O.chain(troubleOfSameDeclaration)(record);
  if (O.isNone(trouble)) return workOf(change);
  const { kind, nextAttemptAtMs, attempts } = trouble.value;
  if (kind === 'rejected') return O.none;
  const delayMs = O.isSome(nextAttemptAtMs) ? clamp(nextAttemptAtMs.value - nowMs) : 0;
  return O.map((work: Submission) => ({ ...work, attempts, delayMs }))(workOf(change));
};

// A clock that was set back must not turn minutes into years.
const longestDelayMs = 20 * 60_000;
const clamp = (delayMs: number): number => Math.min(longestDelayMs, Math.max(0, delayMs));

const troubleOfSameDeclaration = ({ trouble, declared }: ConferenceRecord): O.Option<Trouble> =>
  O.filter((known: Trouble) => known.declared === (O.isSome(declared) ? fingerprint(declared.value) : ''))(
    trouble,
  );

const laneFor = (change: Change): O.Option<Lane> => {
  switch (change._tag) {
    case 'Update':
      return O.some(change.lane);
    case 'Complete':
      return O.some(change.whenEmpty ? 3 : 1);
    case 'None':
      return change.read ? O.some(3) : O.none;
    case 'Release':
    case 'Suspended':
    case 'Blocked':
      return O.none;
  }
};
