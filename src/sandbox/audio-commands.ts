/** What playing to a conference or to one member does. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import { type AudioFields, type JsonObject, readAudio } from './body.js';
import { audioCallback } from './callback.js';
import { requireOpen } from './completion.js';
import type { AudioKind, Conference } from './conference.js';
import { withMember } from './member-commands.js';
import type { Refusal } from './refusal.js';
import { type Context, type Step, unchanged } from './step.js';

/** Plays or stops. What does not loop is over at once: a sandbox has no sound to wait for. */
export const playAudio = (
  conference: Conference,
  body: JsonObject,
  context: Context,
): E.Either<Refusal, Step> =>
  pipe(
    requireOpen(conference, context.assumptions),
    E.chain(() => readAudio(body, context.assumptions)),
    E.map((fields) =>
      (fields.fileUrl ?? fields.sentence) === ''
        ? stop(conference, fields, context)
        : play(conference, fields, context),
    ),
  );

/** Accepted and checked. Playing to one member makes events of the call, not of the conference. */
export const playMemberAudio = (
  conference: Conference,
  memberId: string,
  body: JsonObject,
  context: Context,
): E.Either<Refusal, Step> =>
  withMember(conference, memberId, context, () =>
    pipe(
      readAudio(body, context.assumptions),
      E.map(() => unchanged(conference)),
    ),
  );

const kindOf = (fields: AudioFields): AudioKind => (fields.fileUrl === undefined ? 'speak' : 'playback');

const stop = (conference: Conference, fields: AudioFields, context: Context): Step => {
  const kind = kindOf(fields);
  const tag = conference.loops.get(kind);
  if (tag === undefined) return unchanged(conference);
  const loops = new Map(conference.loops);
  loops.delete(kind);
  return {
    ...unchanged({ ...conference, loops }),
    callbacks: audioCallback(conference, kind, 'done', tag, context),
  };
};

const play = (conference: Conference, fields: AudioFields, context: Context): Step => {
  const kind = kindOf(fields);
  const tag = audioTag(conference, fields, context.assumptions);
  const started = audioCallback(conference, kind, 'started', tag, context);
  if (fields.loopEnabled === true) {
    const loops = new Map(conference.loops).set(kind, tag);
    return { ...unchanged({ ...conference, loops }), callbacks: started };
  }
  const done = audioCallback(conference, kind, 'done', tag, context);
  return { ...unchanged(conference), callbacks: [...started, ...done] };
};

const audioTag = (
  conference: Conference,
  fields: AudioFields,
  { audioEventTag }: Assumptions,
): O.Option<string> =>
  O.fromNullable(fields.tag ?? (audioEventTag === 'request' ? undefined : conference.settings.tag));
