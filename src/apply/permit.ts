/**
 * What a look at the audience is good for: the very next turn of the budget, and the very call it was made for.
 * People come and go, so that a permit which is older, or for another body, means nothing. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import { sealBody } from '../conference/settings.js';
import { bodyOf } from '../plan/diff.js';
import { guardOf } from '../plan/guard.js';
import type { Change } from '../plan/plan.js';

export interface Permit {
  /** What was looked for, as `contentOf` tells it. */
  readonly content: string;
  readonly untilMs: number;
}

/** Turns come a little late: timers are not exact, and the intent of the call has to be written. */
const allowanceMs = 250;

/** The look was answered at `seenMs`; the turn after it comes an interval of the budget later. */
export const permitFor = (change: Change, seenMs: number, intervalMs: number): Permit => ({
  content: contentOf(change),
  untilMs: seenMs + intervalMs + allowanceMs,
});

/** May this change be sent now? */
export const isPermitted = (change: Change, permit: O.Option<Permit>, nowMs: number): boolean =>
  guardOf(change)._tag === 'Free' ||
  (O.isSome(permit) && nowMs <= permit.value.untilMs && permit.value.content === contentOf(change));

/** Tells what a call would carry, and its guard. */
export const contentOf = (change: Change): string =>
  change._tag === 'Update' || change._tag === 'Complete'
    ? JSON.stringify([change.guard, sealBody(bodyOf(change))])
    : change._tag;
