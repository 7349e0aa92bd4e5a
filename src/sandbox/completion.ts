/** How a conference ends, and what cannot be done to it then. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import { conferenceCallback, memberCallback } from './callback.js';
import { type Conference, isActive, stateOf } from './conference.js';
import { conferenceError, type Refusal } from './refusal.js';
import type { Context, Step } from './step.js';

/** Comes before all other checks: a conference that has ended answers every change with the same error. */
export const requireOpen = (
  conference: Conference,
  { stateInMessage }: Assumptions,
): E.Either<Refusal, Conference> =>
  stateOf(conference) === 'completed'
    ? E.left(conferenceError(conference.id, 'completed', stateInMessage))
    : E.right(conference);

/** Ends the conference; by itself when the last member leaves. */
export const complete = (
  conference: Conference,
  context: Context,
): Pick<Step, 'conference' | 'callbacks'> => {
  const rule = context.assumptions.membersAtCompletion;
  const removedAtMs = O.some(context.nowMs);
  const leaving =
    rule === 'keep' ? [] : conference.members.filter(isActive).map((member) => ({ ...member, removedAtMs }));
  const members = conference.members.map((member) => leaving.find(({ id }) => id === member.id) ?? member);
  const completed: Conference = {
    ...conference,
    members,
    completedAtMs: O.some(context.nowMs),
    loops: new Map(),
  };
  const ended = conferenceCallback(completed, context);
  const left = leaving.flatMap((member, index) =>
    memberCallback(completed, member, leaving.length - index - 1, context),
  );
  const callbacks =
    rule === 'events-first' ? [...left, ...ended] : rule === 'events-last' ? [...ended, ...left] : ended;
  return { conference: completed, callbacks };
};
