/** What is in force since the last pass, and what it asks of one conference. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Submission } from '../apply/dispatch-event.js';
import { patientWorkOf } from '../apply/workload.js';
import type { ConferenceId } from '../conference/id.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { declarationOf } from '../plan/bookkeeping.js';
import { laneFor, type Lane } from '../plan/lane.js';
import { despiteEvents, diffOf, makePlan, type PlanInput } from '../plan/make-plan.js';
import { planAfter } from '../plan/plan-after.js';
import type { Change, Plan } from '../plan/plan.js';
import type { Accepted } from './accept.js';

export interface InForce {
  readonly accepted: Accepted;
  /** Its records follow every write to the ledger. */
  readonly input: PlanInput;
  readonly plan: Plan;
  /** Held back: what a safety check refuses waits for a person. */
  readonly refused: ReadonlySet<ConferenceId>;
  /** Whose `state: completed` has just disappeared: what is final must not go out while it may be withdrawn. */
  readonly withdrawing: ReadonlySet<ConferenceId>;
}

export const inForceWith = (accepted: Accepted, input: PlanInput, planOf = makePlan): InForce => {
  const plan = planOf(input);
  return {
    accepted,
    input,
    plan,
    refused: new Set(plan.refused.map(({ conference }) => conference)),
    withdrawing: withdrawingIn(accepted),
  };
};

/**
 * The same after a glimpse, which holds nothing: what is refused and whose end is withdrawn stays so. none: something
 * else than an update is due, so that the safety checks have to see everything; or so much that this is no detour.
 */
export const inForceAfter = (
  before: InForce,
  accepted: Accepted,
  changed: readonly ConferenceId[],
  revision: string,
): O.Option<InForce> => {
  const input = { ...before.input, revision, commit: O.none, desired: accepted.desired };
  const { update, complete } = before.plan.summary;
  const isSafe = changed.every(
    (conference) =>
      !before.refused.has(conference) &&
      !wasHealed(input.records.get(conference)) &&
      isUpdate(diffOf(conference, input)),
  );
  return isSafe && changed.length + update + complete <= mostCompared
    ? O.some({ ...before, accepted, input, plan: planAfter(before.plan, changed, input) })
    : O.none;
};

const mostCompared = 100;

/** Healing begins anew with the declaration, and the record says so only when that is written. */
const wasHealed = (record: ConferenceRecord | undefined): boolean =>
  record !== undefined && O.isSome(record.sighting) && record.sighting.value.healedAtMs.length > 0;

const isUpdate = (change: Change): boolean =>
  change._tag === 'Update' || (change._tag === 'None' && !change.read);

/** What the conference needs now. */
export const decide = (inForce: InForce, conference: ConferenceId): Change =>
  heldBack(inForce, diffOf(conference, inForce.input));

/** What the dispatcher has to be told of a conference; none: it needs no call. */
export const workFor = (inForce: InForce, conference: ConferenceId, nowMs: number): O.Option<Submission> => {
  const change = decide(inForce, conference);
  // Most need none, and a declaration takes a while to write down.
  if (O.isNone(laneFor(change))) return O.none;
  const work = patientWorkOf(
    change,
    declarationOf(O.fromNullable(inForce.input.desired.get(conference))),
    O.fromNullable(inForce.input.records.get(conference)),
    nowMs,
  );
  return O.map((submission: Submission) => ({ ...submission, lane: laneOf(change, submission, inForce) }))(
    work,
  );
};

/** A read that a change waits for goes when the change would: an event, which may be forged, must not demote it. */
const laneOf = (change: Change, { lane, conference }: Submission, { input }: InForce): Lane =>
  change._tag === 'None' ? O.getOrElse(() => lane)(laneFor(despiteEvents(conference, input))) : lane;

const heldBack = (inForce: InForce, change: Change): Change =>
  isHeldBack(inForce, change)
    ? { _tag: 'None', conference: change.conference, name: change.name, read: false }
    : change;

const isHeldBack = ({ refused, withdrawing }: InForce, { _tag, conference }: Change): boolean =>
  refused.has(conference) || (_tag === 'Complete' && withdrawing.has(conference));

const withdrawingIn = ({ held }: Accepted): ReadonlySet<ConferenceId> =>
  new Set(
    held.filter(({ what }) => what === 'state' || what === 'conference').map(({ conference }) => conference),
  );
