/**
 * What the API's documentation leaves open, each question with the answer holdfast reckons with.
 *
 * This is the one place for facts that are inferred or unknown. Everything else about the API is documented.
 * The sandbox honours every member, so that each other answer can be tried: `parseAssumption('location=relative')`.
 *
 * Evidence: I is inferred, and the comment says from what; U is unknown in every source. Where it is U, the
 * default is the literal reading of the documentation or, without one, what is least convenient for a client.
 * The default is the first of the values.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';

interface Choice<V extends string> extends t.Type<V, V> {
  readonly values: readonly V[];
}

const oneOf = <const V extends string>(...values: readonly V[]): Choice<V> => {
  const is = (input: unknown): input is V => values.some((value) => value === input);
  const validate: t.Validate<unknown, V> = (input, context) =>
    is(input) ? t.success(input) : t.failure(input, context);
  return Object.assign(new t.Type<V, V, unknown>(values.join(' | '), is, validate, t.identity), { values });
};

export const Assumptions = t.type(
  {
    /** U. What `state: completed` answers on a conference that has ended. The error text makes no exception: 403. */
    repeatedComplete: oneOf('error', 'ok'),

    /** U. How `conference-error` spells the state in its message. Everywhere else states are in lower case. */
    stateInMessage: oneOf('lower', 'upper'),

    /**
     * U. Whether `hold`, `mute`, `callbackHttpMethod`, `callbackTimeout` and `profile` appear in a GET before
     * they were ever set. Listed as properties, but in no sample response, so: omitted.
     */
    unsetSettings: oneOf('omit', 'default'),

    /** U. The same for `callbackUrl`, `fallbackUrl` and `tag`, which have no default. A call's sample shows `""`. */
    unsetStrings: oneOf('omit', 'empty', 'null'),

    /** I. The case of `callbackHttpMethod` in a GET. One SDK sends and reads lower case; the page says upper. */
    methodInResource: oneOf('upper', 'lower'),

    /** U. What `tag: ""` does. It is a string, so it is set. */
    emptyTag: oneOf('set', 'clear', 'reject'),

    /** U. What `callbackUrl: ""` and `fallbackUrl: ""` do. "The complete URL" is asked for, so: an error. */
    emptyUrl: oneOf('reject', 'clear', 'set'),

    /** U. A `fallbackUrl` where there is no `callbackUrl`. An error for applications, nothing said of conferences. */
    fallbackWithoutCallback: oneOf('accept', 'reject'),

    /** U. `hold` and `mute` while the conference has no member yet. The page makes no exception: accepted. */
    flagsWithoutMembers: oneOf('accept', 'reject'),

    /** U. Properties the page does not list. SDK tests send `from` with an update, so: ignored. */
    unknownFields: oneOf('ignore', 'reject'),

    /** U. The status for a body that is not a JSON object. */
    malformedJson: oneOf('400', '500'),

    /** U. Which of the three documented codes a bad URL gets. The first one's text names both URLs. */
    urlError: oneOf('callback-invalid-url', 'callback-url-invalid', 'validation-error'),

    /** I. Samples show a relative `Location`, but two released SDKs work with an absolute one only. */
    location: oneOf('absolute', 'relative'),

    /**
     * U. A user id that is not the caller's: the error table says 401, the security page 403. A sandbox has no
     * accounts, so it accepts any; with another answer a token belongs to the first user id it was used with.
     */
    foreignUser: oneOf('accept', '401', '403'),

    /** U. The body beside 401 for bad credentials. One SDK maps the status alone. */
    badCredentialsBody: oneOf('json', 'empty'),

    /** U. What shares one rate limit: the account, an endpoint (`/conferences`, `/members`), or endpoint and method. */
    rateScope: oneOf('account', 'resource', 'method'),

    /** U. Whether a refused call also starts a new interval. "Your API call was not executed", so: no. */
    rateCounts: oneOf('allowed', 'every'),

    /** I. `X-RateLimit-Reset` is documented in ms; SDKs cope with its absence, and other APIs use seconds. */
    rateResetHeader: oneOf('milliseconds', 'seconds', 'absent'),

    /** I. The code in the body of a 429: samples say one, the error table says the other. */
    rateCode: oneOf('rate-limit-reached', 'too-many-requests'),

    /** U. When 409 `conference-update-conflict` happens. Here: never, or when an update is still unanswered. */
    overlappingUpdates: oneOf('accept', 'conflict'),

    /**
     * U. When a call whose connection was lost is executed: before the connection ended, or up to
     * `lateExecutionMs` later.
     */
    lostCall: oneOf('at-once', 'late'),

    /** U. Whether `hold` and `mute` of the conference reach those of its members, and whether that makes events. */
    conferenceFlags: oneOf('own', 'members', 'members-with-events'),

    /** U. What completing does to members: completed with events before or after the conference's, without, or kept. */
    membersAtCompletion: oneOf('events-first', 'events-last', 'silent', 'keep'),

    /** I. Updating a member that has left. The nearest documented error is 503 `call-unavailable`. */
    departedMember: oneOf('unavailable', 'ok'),

    /** U. What "the request to callbackUrl fails" means: any answer but 2xx too, or no answer only. */
    callbackFailure: oneOf('non-2xx', 'no-answer'),

    /** U. How often `callbackUrl` is asked again before `fallbackUrl`. No retry is documented. */
    callbackRetries: oneOf('0', '1', '2'),

    /** U. The tag of playback and speak events: that of the audio request only, or else the conference's. */
    audioEventTag: oneOf('request', 'request-or-conference'),
  },
  'Assumptions',
);

/**
 * U. A call whose connection was lost is executed within this time, or never. Until then nothing else is sent to
 * its conference, so that the last word cannot be overtaken by an earlier one.
 */
export const lateExecutionMs = 1_000;

export type Assumptions = Readonly<t.TypeOf<typeof Assumptions>>;

export const defaultAssumptions: Assumptions = {
  repeatedComplete: 'error',
  stateInMessage: 'lower',
  unsetSettings: 'omit',
  unsetStrings: 'omit',
  methodInResource: 'upper',
  emptyTag: 'set',
  emptyUrl: 'reject',
  fallbackWithoutCallback: 'accept',
  flagsWithoutMembers: 'accept',
  unknownFields: 'ignore',
  malformedJson: '400',
  urlError: 'callback-invalid-url',
  location: 'absolute',
  foreignUser: 'accept',
  badCredentialsBody: 'json',
  rateScope: 'account',
  rateCounts: 'allowed',
  rateResetHeader: 'milliseconds',
  rateCode: 'rate-limit-reached',
  overlappingUpdates: 'accept',
  lostCall: 'at-once',
  conferenceFlags: 'own',
  membersAtCompletion: 'events-first',
  departedMember: 'unavailable',
  callbackFailure: 'non-2xx',
  callbackRetries: '0',
  audioEventTag: 'request',
};

export type AssumptionError =
  /** Not of the form `key=value`. */
  | { readonly _tag: 'NotAPair'; readonly text: string; readonly known: readonly string[] }
  | { readonly _tag: 'UnknownKey'; readonly key: string; readonly known: readonly string[] }
  | {
      readonly _tag: 'UnknownValue';
      readonly key: string;
      readonly value: string;
      readonly known: readonly string[];
    };

/** Reads `key=value` into what has to be laid over the defaults. */
export const parseAssumption = (text: string): E.Either<AssumptionError, Partial<Assumptions>> => {
  const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (key === undefined || value === undefined) return E.left({ _tag: 'NotAPair', text, known: keys });
  if (!isKey(key)) return E.left({ _tag: 'UnknownKey', key, known: keys });
  return pipe(
    partial.decode({ [key]: value }),
    E.mapLeft(() => ({ _tag: 'UnknownValue', key, value, known: Assumptions.props[key].values })),
  );
};

export const showAssumptionError = (error: AssumptionError): string => {
  switch (error._tag) {
    case 'NotAPair':
      return `'${error.text}' is not an assumption (write key=value; keys: ${error.known.join(', ')})`;
    case 'UnknownKey':
      return `unknown assumption '${error.key}' (known: ${error.known.join(', ')})`;
    case 'UnknownValue':
      return `'${error.value}' is no value of the assumption '${error.key}' (known: ${error.known.join(', ')})`;
  }
};

const partial = t.partial(Assumptions.props);
const keys: readonly string[] = Object.keys(Assumptions.props);
const isKey = (key: string): key is keyof Assumptions => keys.includes(key);
