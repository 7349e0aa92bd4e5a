/**
 * A saved plan against the world of now: what of it is still to be done, what is done, and what has changed since and is
 * left alone.
 */
import * as O from 'fp-ts/lib/Option.js';
import { ConferenceId } from '../conference/id.js';
import type { Desired } from '../desired/desired.js';
import { contentOf } from './declaration.js';
import { callIn, essenceOf, readEssence } from './essence.js';
import { diffOf, makePlan, summarise, type PlanInput } from './make-plan.js';
import type { Change, Plan } from './plan.js';
import { restoreInput, type LedgerNow, type SavedPlan } from './saved-plan.js';

export interface Restored {
  /** For taking the diff again before each call. */
  readonly input: PlanInput;
  /** The saved changes that are still what they were. */
  readonly plan: Plan;
  /** Conferences of which something was to be done, and which have changed since: left alone. */
  readonly stale: readonly Stale[];
  /** Conferences of which something was to be done, and which are as it was to make them. */
  readonly done: readonly ConferenceId[];
}

export interface Stale {
  readonly conference: ConferenceId;
  /** What is not as it was. */
  readonly changed: 'declaration' | 'ledger';
}

export interface Now extends LedgerNow {
  /** What the directory declares; none: it is not here, and what was saved counts. */
  readonly desired: O.Option<Desired>;
}

/** The saved plan against the ledger and the declarations of now. */
export const restorePlan = (saved: SavedPlan, now: Now): Restored => {
  const input = restoreInput(saved, now);
  const plan = makePlan(input);
  const found = new Map(plan.changes.map((change) => [change.conference, change]));
  const fates = Object.entries(saved.changes).flatMap(([conference, known]) =>
    ConferenceId.is(conference)
      ? [{ conference, fate: fateOf(conference, known, found.get(conference), input, now) }]
      : [],
  );
  const kept = new Set(fates.flatMap(({ conference, fate }) => (fate === 'kept' ? [conference] : [])));
  const changes = plan.changes.filter(({ conference }) => kept.has(conference));
  return {
    input: { ...input, desired: new Map([...input.desired].filter(([conference]) => kept.has(conference))) },
    plan: {
      ...plan,
      changes,
      notes: plan.notes.filter(({ conference }) => kept.has(conference)),
      refused: plan.refused.filter(({ conference }) => kept.has(conference)),
      summary: summarise(changes, now.rate),
    },
    stale: fates.flatMap(({ conference, fate }) =>
      fate === 'declaration' || fate === 'ledger' ? [{ conference, changed: fate }] : [],
    ),
    done: fates.flatMap(({ conference, fate }) => (fate === 'done' ? [conference] : [])),
  };
};

/** `idle`: nothing was to be done, so that something has changed since needs no word. */
type Fate = 'kept' | 'idle' | 'done' | Stale['changed'];

const fateOf = (
  conference: ConferenceId,
  known: string,
  change: Change | undefined,
  input: PlanInput,
  now: Now,
): Fate => {
  const isDeclaredSame =
    O.isNone(now.desired) ||
    contentOf(now.desired.value.get(conference)) === contentOf(input.desired.get(conference));
  if (isDeclaredSame && change !== undefined && known === essenceOf(change, input)) return 'kept';
  const was = readEssence(known);
  if (was.tag === 'None' || was.tag === 'Suspended') return 'idle';
  if (!isDeclaredSame) return 'declaration';
  if (was.tag === 'Blocked') return 'ledger';
  // What was seen live before a later call says nothing of what is live now.
  const isCalled = callIn(input.records.get(conference)) !== was.call;
  return isAsItSays(isCalled ? diffOf(conference, { ...input, live: new Map() }) : change)
    ? 'done'
    : 'ledger';
};

const isAsItSays = (change: Change | undefined): boolean =>
  change === undefined || (change._tag === 'None' && !change.read);
