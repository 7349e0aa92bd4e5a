/**
 * The model of the platform: one command to one conference, and what comes of it. Pure: the clock and the ids
 * come in with the command, callbacks go out as values.
 *
 * Laws: a refused command changes nothing and tells nobody; a completed conference stays as it is, whatever
 * the command; a GET after an accepted update shows what the update carried.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import { playAudio, playMemberAudio } from './audio-commands.js';
import type { JsonObject } from './body.js';
import type { Callback } from './callback.js';
import type { Conference } from './conference.js';
import { createConference, updateConference } from './conference-commands.js';
import { addMember, findMember, updateMember } from './member-commands.js';
import { conferenceNotFound, type Refusal } from './refusal.js';
import { showConference, showMember } from './resource.js';
import type { Answer, Context, Step } from './step.js';

export type Command =
  /** `conferenceId` is a fresh one. */
  | { readonly _tag: 'Create'; readonly conferenceId: string; readonly body: JsonObject }
  | { readonly _tag: 'Update'; readonly conferenceId: string; readonly body: JsonObject }
  | { readonly _tag: 'PlayAudio'; readonly conferenceId: string; readonly body: JsonObject }
  /** `memberId` is a fresh one. */
  | {
      readonly _tag: 'AddMember';
      readonly conferenceId: string;
      readonly memberId: string;
      readonly body: JsonObject;
    }
  | {
      readonly _tag: 'UpdateMember' | 'PlayMemberAudio';
      readonly conferenceId: string;
      readonly memberId: string;
      readonly body: JsonObject;
    }
  | { readonly _tag: 'Read'; readonly conferenceId: string }
  /** The members from one index up to, not including, another. */
  | {
      readonly _tag: 'ReadMembers';
      readonly conferenceId: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly _tag: 'ReadMember'; readonly conferenceId: string; readonly memberId: string };

export interface Outcome {
  /** The conference from now on; none when there is no such conference. */
  readonly conference: O.Option<Conference>;
  readonly answer: Answer;
  readonly callbacks: readonly Callback[];
}

/** `found` is the conference that the command names, if there is one. */
export const execute = (found: O.Option<Conference>, command: Command, context: Context): Outcome =>
  pipe(
    command._tag === 'Create'
      ? createConference(command.conferenceId, command.body, context)
      : step(found, command, context),
    E.match(
      (refusal): Outcome => ({ conference: found, answer: { _tag: 'Refused', refusal }, callbacks: [] }),
      (next): Outcome => ({ ...next, conference: O.some(next.conference) }),
    ),
  );

const step = (
  found: O.Option<Conference>,
  command: Exclude<Command, { _tag: 'Create' }>,
  context: Context,
): E.Either<Refusal, Step> =>
  pipe(
    found,
    E.fromOption(() => conferenceNotFound(command.conferenceId)),
    E.chain((conference) => stepOf(conference, command, context)),
  );

const stepOf = (
  conference: Conference,
  command: Exclude<Command, { _tag: 'Create' }>,
  context: Context,
): E.Either<Refusal, Step> => {
  switch (command._tag) {
    case 'Update':
      return updateConference(conference, command.body, context);
    case 'PlayAudio':
      return playAudio(conference, command.body, context);
    case 'AddMember':
      return addMember(conference, command.memberId, command.body, context);
    case 'UpdateMember':
      return updateMember(conference, command.memberId, command.body, context);
    case 'PlayMemberAudio':
      return playMemberAudio(conference, command.memberId, command.body, context);
    case 'Read':
      return E.right(shown(conference, showConference(conference, context.assumptions)));
    case 'ReadMembers': {
      const members = conference.members.slice(command.from, command.to);
      return E.right(
        shown(
          conference,
          members.map((member) => showMember(member, context.userUrl)),
        ),
      );
    }
    case 'ReadMember':
      return pipe(
        findMember(conference, command.memberId),
        E.map((member) => shown(conference, showMember(member, context.userUrl))),
      );
  }
};

const shown = (conference: Conference, json: unknown): Step => ({
  conference,
  answer: { _tag: 'Shown', json },
  callbacks: [],
});
