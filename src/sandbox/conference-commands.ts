/** What creating and updating a conference does. */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import type { Assumptions } from '../catapult/assumptions.js';
import { type Body, bodyEntries } from '../conference/settings.js';
import { type JsonObject, readCreate, readUpdate, type UpdateFields } from './body.js';
import { conferenceCallback, memberCallback } from './callback.js';
import { complete, requireOpen } from './completion.js';
import {
  type Conference,
  type ConferenceSettings,
  countActive,
  isActive,
  type Member,
  stateOf,
} from './conference.js';
import { conferenceError, type Refusal, validationError } from './refusal.js';
import { type Context, type Step, unchanged } from './step.js';

export const createConference = (id: string, body: JsonObject, context: Context): E.Either<Refusal, Step> =>
  pipe(
    readCreate(body, context.assumptions),
    E.map(({ from, profile, ...settings }) => ({
      ...emptyConference(id, from, context.nowMs),
      profile: O.fromNullable(profile),
      settings: mergeSettings({}, settings, context.assumptions),
    })),
    E.filterOrElse(
      (conference) => hasCallbackUrl(conference.settings, context.assumptions),
      fallbackNeedsCallback,
    ),
    E.map((conference) => ({
      conference,
      answer: { _tag: 'Created', url: `${context.userUrl}/conferences/${id}` },
      callbacks: conferenceCallback(conference, context),
    })),
  );

/** A conference that did not come by a call: it starts with those of the settings that the API would accept. */
export const startConference = (
  id: string,
  body: Body,
  nowMs: number,
  assumptions: Assumptions,
): Conference => {
  const accepted = bodyEntries(body).map(([name, value]) => readUpdate({ [name]: value }, assumptions));
  const { state, ...settings } = pipe(
    RA.rights(accepted),
    RA.reduce({}, (all: UpdateFields, fields): UpdateFields => ({ ...all, ...fields })),
  );
  return {
    ...emptyConference(id, startedFrom, nowMs),
    completedAtMs: state === 'completed' ? O.some(nowMs) : O.none,
    settings: mergeSettings({}, settings, assumptions),
  };
};

// A number of the range reserved for fiction.
const startedFrom = '+12025550100';

/** A conference in which nothing has happened yet. */
const emptyConference = (id: string, from: string, nowMs: number): Conference => ({
  id,
  from,
  createdAtMs: nowMs,
  completedAtMs: O.none,
  profile: O.none,
  settings: {},
  members: [],
  loops: new Map(),
});

export const updateConference = (
  conference: Conference,
  body: JsonObject,
  context: Context,
): E.Either<Refusal, Step> =>
  isRepeatedComplete(conference, body, context.assumptions)
    ? E.right(unchanged(conference))
    : pipe(
        requireOpen(conference, context.assumptions),
        E.chain(() => readUpdate(body, context.assumptions)),
        E.chain((fields) => update(conference, fields, context)),
      );

const isRepeatedComplete = (
  conference: Conference,
  { state }: JsonObject,
  { repeatedComplete }: Assumptions,
): boolean => stateOf(conference) === 'completed' && state === 'completed' && repeatedComplete === 'ok';

const update = (conference: Conference, fields: UpdateFields, context: Context): E.Either<Refusal, Step> =>
  pipe(
    requireMembersForFlags(conference, fields, context.assumptions),
    E.map(() => {
      const { state: _state, ...settings } = fields;
      return { ...conference, settings: mergeSettings(conference.settings, settings, context.assumptions) };
    }),
    E.filterOrElse(
      ({ settings }) => fields.fallbackUrl === undefined || hasCallbackUrl(settings, context.assumptions),
      fallbackNeedsCallback,
    ),
    E.map((updated) => passFlagsOn(updated, fields, context)),
    E.map(({ conference: updated, callbacks }) => {
      if (fields.state !== 'completed') return { conference: updated, callbacks, answer: { _tag: 'Done' } };
      const ended = complete(updated, context);
      return { ...ended, callbacks: [...callbacks, ...ended.callbacks], answer: { _tag: 'Done' } };
    }),
  );

const requireMembersForFlags = (
  conference: Conference,
  fields: UpdateFields,
  { flagsWithoutMembers, stateInMessage }: Assumptions,
): E.Either<Refusal, Conference> => {
  const setsFlags = fields.hold !== undefined || fields.mute !== undefined;
  return setsFlags && flagsWithoutMembers === 'reject' && stateOf(conference) === 'created'
    ? E.left(conferenceError(conference.id, 'created', stateInMessage))
    : E.right(conference);
};

const mergeSettings = (
  settings: ConferenceSettings,
  changes: ConferenceSettings,
  { emptyTag, emptyUrl }: Assumptions,
): ConferenceSettings => {
  const { callbackUrl, fallbackUrl, tag, ...rest } = { ...settings, ...changes };
  const keepsUrl = (url: string | undefined): url is string =>
    url !== undefined && (url !== '' || emptyUrl === 'set');
  return {
    ...rest,
    ...(keepsUrl(callbackUrl) ? { callbackUrl } : {}),
    ...(keepsUrl(fallbackUrl) ? { fallbackUrl } : {}),
    ...(tag !== undefined && (tag !== '' || emptyTag === 'set') ? { tag } : {}),
  };
};

const hasCallbackUrl = (
  { callbackUrl, fallbackUrl }: ConferenceSettings,
  assumptions: Assumptions,
): boolean => assumptions.fallbackWithoutCallback === 'accept' || !isSet(fallbackUrl) || isSet(callbackUrl);

const isSet = (url: string | undefined): boolean => url !== undefined && url !== '';

const fallbackNeedsCallback = (): Refusal =>
  validationError('Your conference must have a callback URL in order to have a fallback URL.');

const passFlagsOn = (
  conference: Conference,
  { hold, mute }: UpdateFields,
  context: Context,
): Pick<Step, 'conference' | 'callbacks'> => {
  const rule = context.assumptions.conferenceFlags;
  if (rule === 'own') return { conference, callbacks: [] };
  const pass = (member: Member): Member => ({
    ...member,
    hold: hold ?? member.hold,
    mute: mute ?? member.mute,
  });
  const members = conference.members.map((member) => (isActive(member) ? pass(member) : member));
  const changed = members.filter((member, index) => {
    const before = conference.members[index];
    return before?.hold !== member.hold || before.mute !== member.mute;
  });
  const callbacks = changed.flatMap((member) =>
    memberCallback(conference, member, countActive(conference), context),
  );
  return {
    conference: { ...conference, members },
    callbacks: rule === 'members-with-events' ? callbacks : [],
  };
};
