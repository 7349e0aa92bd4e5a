/** What adding and updating a member does. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { type JsonObject, type MemberFields, readMemberUpdate, readNewMember } from './body.js';
import { memberCallback } from './callback.js';
import { type Conference, countActive, isActive, maximumMembers, type Member } from './conference.js';
import { complete, requireOpen } from './completion.js';
import { memberNotFound, memberUnavailable, type Refusal, tooManyMembers } from './refusal.js';
import { type Context, type Step, unchanged } from './step.js';

export const addMember = (
  conference: Conference,
  memberId: string,
  body: JsonObject,
  context: Context,
): E.Either<Refusal, Step> =>
  pipe(
    requireOpen(conference, context.assumptions),
    E.chain(() => readNewMember(body, context.assumptions)),
    E.filterOrElse(
      () => countActive(conference) < maximumMembers,
      () => tooManyMembers(conference.id),
    ),
    E.map((fields) => {
      const member: Member = {
        hold: false,
        mute: false,
        joinTone: false,
        leavingTone: false,
        ...fields,
        id: memberId,
        addedAtMs: context.nowMs,
        removedAtMs: O.none,
      };
      const joined = { ...conference, members: [...conference.members, member] };
      return {
        conference: joined,
        answer: {
          _tag: 'Created',
          url: `${context.userUrl}/conferences/${conference.id}/members/${memberId}`,
        },
        callbacks: memberCallback(joined, member, countActive(joined), context),
      };
    }),
  );

export const findMember = (conference: Conference, memberId: string): E.Either<Refusal, Member> =>
  pipe(
    conference.members.find(({ id }) => id === memberId),
    E.fromNullable(memberNotFound(memberId)),
  );

export const updateMember = (
  conference: Conference,
  memberId: string,
  body: JsonObject,
  context: Context,
): E.Either<Refusal, Step> =>
  withMember(conference, memberId, context, (member) =>
    pipe(
      readMemberUpdate(body, context.assumptions),
      E.map((fields) => changeMember(conference, member, fields, context)),
    ),
  );

/** Does something to a member who is there. */
export const withMember = (
  conference: Conference,
  memberId: string,
  { assumptions }: Context,
  change: (member: Member) => E.Either<Refusal, Step>,
): E.Either<Refusal, Step> =>
  pipe(
    requireOpen(conference, assumptions),
    E.chain(() => findMember(conference, memberId)),
    E.chain((member) => {
      if (isActive(member)) return change(member);
      return assumptions.departedMember === 'ok'
        ? E.right(unchanged(conference))
        : E.left(memberUnavailable(memberId));
    }),
  );

/** Joining, leaving, mute and hold make events; tones, and what was so before, do not. */
const changeMember = (
  conference: Conference,
  before: Member,
  fields: MemberFields,
  context: Context,
): Step => {
  const { state, ...flags } = fields;
  const leaves = state === 'completed';
  const member: Member = { ...before, ...flags, removedAtMs: leaves ? O.some(context.nowMs) : O.none };
  const changed = {
    ...conference,
    members: conference.members.map((other) => (other.id === member.id ? member : other)),
  };
  const active = countActive(changed);
  const audible = leaves || member.hold !== before.hold || member.mute !== before.mute;
  const callbacks = audible ? memberCallback(changed, member, active, context) : [];
  if (active > 0) return { ...unchanged(changed), callbacks };
  const ended = complete(changed, context);
  return { ...ended, answer: { _tag: 'Done' }, callbacks: [...callbacks, ...ended.callbacks] };
};
