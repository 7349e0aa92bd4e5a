/**
 * What a request carries: JSON text into fields, or the error the API has for it.
 *
 * Booleans and numbers may be quoted, as in the API's own examples; `null` means "not supplied", because one
 * SDK sends all eight settings that way; no body at all is an empty one.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { Assumptions } from '../catapult/assumptions.js';
import {
  CallbackTimeoutMs,
  callbackTimeoutLimitsMs,
  CompletedState,
  Flag,
  HttpMethod,
} from '../conference/settings.js';
import { WebUrl } from '../conference/url.js';
import {
  aboveLimit,
  badParameters,
  blankProperty,
  invalidUrl,
  malformedBody,
  missingProperty,
  notAbove,
  notOneOf,
  type Refusal,
  validationError,
} from './refusal.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The text of a request's body. Nothing, blanks and `null` are an empty body. */
export const parseBody = (text: string, assumptions: Assumptions): E.Either<Refusal, JsonObject> => {
  if (text.trim() === '') return E.right({});
  return pipe(
    E.tryCatch((): unknown => JSON.parse(text), E.toError),
    E.map((json) => json ?? {}),
    E.filterOrElseW(isJsonObject, () => 'not an object'),
    E.mapLeft(() => malformedBody(assumptions.malformedJson)),
  );
};

export const readCreate = (body: JsonObject, assumptions: Assumptions) =>
  pipe(
    readFields('conference', CreateFields, body, assumptions),
    E.chain(rejectEmpty(assumptions)),
    E.chain((fields) =>
      fields.from === undefined
        ? E.left(missingProperty('conference', 'from'))
        : E.right({ ...fields, from: fields.from }),
    ),
  );

export const readUpdate = (body: JsonObject, assumptions: Assumptions): E.Either<Refusal, UpdateFields> =>
  pipe(readFields('conference', UpdateFields, body, assumptions), E.chain(rejectEmpty(assumptions)));

export const readNewMember = (body: JsonObject, assumptions: Assumptions) =>
  pipe(
    readFields('member', NewMemberFields, body, assumptions),
    E.chain((fields) =>
      fields.callId === undefined
        ? E.left(missingProperty('member', 'callId'))
        : E.right({ ...fields, callId: fields.callId }),
    ),
  );

export const readMemberUpdate = (body: JsonObject, assumptions: Assumptions) =>
  readFields('member', MemberFields, body, assumptions);

export const readAudio = (body: JsonObject, assumptions: Assumptions): E.Either<Refusal, AudioFields> =>
  pipe(
    readFields('audio', AudioFields, body, assumptions),
    E.filterOrElse(
      ({ fileUrl, sentence }) => fileUrl !== undefined || sentence !== undefined,
      () => missingProperty('audio', 'fileUrl'),
    ),
  );

const text = (name: string, accepts: (text: string) => boolean): t.Type<string, string> => {
  const is = (input: unknown): input is string => typeof input === 'string' && accepts(input);
  return new t.Type(
    name,
    is,
    (input, context) => (is(input) ? t.success(input) : t.failure(input, context)),
    t.identity,
  );
};

const UrlOrEmpty = text('UrlOrEmpty', (url) => url === '' || WebUrl.is(url));
const maximumSentence = 1000;

// Some of an SDK's own examples are shorter than a real number.
const PhoneNumber = text('PhoneNumber', (number) => /^\+?[0-9]{3,15}$/.test(number));

const callbackProps = {
  callbackUrl: UrlOrEmpty,
  callbackHttpMethod: HttpMethod,
  callbackTimeout: CallbackTimeoutMs,
  fallbackUrl: UrlOrEmpty,
  tag: t.string,
};

const choices: Readonly<Record<string, readonly string[]>> = {
  state: ['completed'],
  profile: ['interpret_digits', 'passthru_digits'],
  callbackHttpMethod: ['GET', 'POST'],
  hold: ['true', 'false'],
  mute: ['true', 'false'],
  joinTone: ['true', 'false'],
  leavingTone: ['true', 'false'],
  loopEnabled: ['true', 'false'],
  gender: ['male', 'female'],
  locale: ['en_US', 'en_UK', 'es', 'es_MX', 'fr', 'fr_FR', 'de', 'de_DE', 'it', 'it_IT'],
  voice: [
    ...[
      'Susan',
      'Kate',
      'Julie',
      'Dave',
      'Paul',
      'Bridget',
      'Esperanza',
      'Violeta',
      'Jorge',
      'Jolie',
      'Bernard',
    ],
    ...['Katrin', 'Stefan', 'Paola', 'Luca'],
  ],
};

const choice = (property: string): t.Type<string, string> =>
  text(property, (value) => choices[property]?.includes(value) ?? false);

const CreateFields = t.partial({ from: PhoneNumber, profile: choice('profile'), ...callbackProps });

const UpdateFields = t.partial({ state: CompletedState, hold: Flag, mute: Flag, ...callbackProps });
export type UpdateFields = t.TypeOf<typeof UpdateFields>;

const memberProps = { hold: Flag, mute: Flag, joinTone: Flag, leavingTone: Flag };
const NewMemberFields = t.partial({ callId: text('CallId', (id) => id !== ''), ...memberProps });
const MemberFields = t.partial({ state: CompletedState, ...memberProps });
export type MemberFields = t.TypeOf<typeof MemberFields>;

const AudioFields = t.partial({
  fileUrl: UrlOrEmpty,
  sentence: text('Sentence', (sentence) => sentence.length <= maximumSentence),
  gender: choice('gender'),
  locale: choice('locale'),
  voice: choice('voice'),
  loopEnabled: Flag,
  tag: t.string,
});
export type AudioFields = t.TypeOf<typeof AudioFields>;

const isJsonObject = (json: unknown): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const readFields = <P extends t.Props>(
  resource: string,
  codec: t.PartialC<P>,
  body: JsonObject,
  assumptions: Assumptions,
): E.Either<Refusal, t.TypeOf<t.PartialC<P>>> => {
  const supplied = Object.entries(body).filter(([, value]) => value !== null);
  const unknown = supplied.some(([name]) => !Object.hasOwn(codec.props, name));
  if (unknown && assumptions.unknownFields === 'reject') return E.left(badParameters());
  return pipe(
    t.exact(codec).decode(Object.fromEntries(supplied)),
    E.mapLeft(([error]) => {
      const entry = error?.context[1];
      return entry === undefined ? badParameters() : refuse(resource, entry.key, entry.actual, assumptions);
    }),
  );
};

const refuse = (resource: string, property: string, value: unknown, assumptions: Assumptions): Refusal => {
  const values = choices[property];
  if (values !== undefined) return notOneOf(resource, property, values);
  switch (property) {
    case 'from':
      return validationError('Invalid phone number');
    case 'callId':
      return value === '' ? blankProperty(resource, property) : badParameters();
    case 'callbackUrl':
    case 'fallbackUrl':
      return invalidUrl(property, String(value), assumptions.urlError);
    case 'fileUrl':
      return invalidUrl(property, String(value), 'validation-error');
    case 'callbackTimeout':
      return refuseTimeout(resource, property, value);
    case 'sentence':
      return typeof value === 'string' ? aboveLimit(resource, property, maximumSentence) : badParameters();
    default:
      return badParameters();
  }
};

const refuseTimeout = (resource: string, property: string, value: unknown): Refusal => {
  const { min, max } = callbackTimeoutLimitsMs;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) return badParameters();
  return number < min ? notAbove(resource, property, min - 1) : aboveLimit(resource, property, max);
};

const rejectEmpty =
  (assumptions: Assumptions) =>
  <F extends { callbackUrl?: string; fallbackUrl?: string; tag?: string }>(
    fields: F,
  ): E.Either<Refusal, F> => {
    if (fields.tag === '' && assumptions.emptyTag === 'reject')
      return E.left(blankProperty('conference', 'tag'));
    const emptyUrl = (['callbackUrl', 'fallbackUrl'] as const).find((name) => fields[name] === '');
    return emptyUrl !== undefined && assumptions.emptyUrl === 'reject'
      ? E.left(invalidUrl(emptyUrl, '', assumptions.urlError))
      : E.right(fields);
  };
