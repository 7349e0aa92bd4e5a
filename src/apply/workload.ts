/**
 * Which conferences of a plan have to be handed to the dispatcher, in which lane and not before when. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceRecord, Trouble } from '../ledger/record.js';
import { laneFor, type Lane } from '../plan/lane.js';
import type { Change } from '../plan/plan.js';
import type { Submission } from './dispatch-event.js';

/** For one apply: whatever went wrong before is tried again, at once. */
export const workOf = (change: Change, declaration: string): O.Option<Submission> =>
  O.map((lane: Lane) => ({ conference: change.conference, lane, declaration, delayMs: 0, attempts: 0 }))(
    laneFor(change),
  );

/** For the daemon: what was refused waits for another declaration, what failed waits for its time. */
export const patientWorkOf = (
  change: Change,
  declaration: string,
  record: O.Option<ConferenceRecord>,
  nowMs: number,
): O.Option<Submission> => {
  const work = workOf(change, declaration);
  const trouble = O.chain(({ trouble: known }: ConferenceRecord) => known)(record);
  if (O.isNone(trouble) || trouble.value.declared !== declaration) return work;
  // Whether it has ended is another question than the one that was refused.
  if (trouble.value.kind === 'rejected' && change._tag !== 'None') return O.none;
  return O.map((submission: Submission) => ({ ...submission, ...remembered(trouble.value, nowMs) }))(work);
};

const remembered = (
  { attempts, nextAttemptAtMs }: Trouble,
  nowMs: number,
): Pick<Submission, 'attempts' | 'delayMs'> => ({
  attempts,
  delayMs: O.isSome(nextAttemptAtMs) ? clamp(nextAttemptAtMs.value - nowMs) : 0,
});

// A clock that was set back must not turn minutes into years.
const longestDelayMs = 20 * 60_000;
const clamp = (delayMs: number): number => Math.min(longestDelayMs, Math.max(0, delayMs));
