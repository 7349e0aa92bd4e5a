/**
 * The API's errors, word for word: category, code, message and details as its error table and samples have them.
 *
 * Ids are bare in messages, other values are in single quotes. "was is progress" is the API's own spelling.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import type { ConferenceState } from './conference.js';

export interface Refusal {
  readonly status: number;
  readonly category: string;
  readonly code: string;
  /** None only for 429, whose body has no message. */
  readonly message: O.Option<string>;
  /** What the error is about; the request's own details are added where the answer is written. */
  readonly details: readonly Detail[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface Detail {
  readonly name: string;
  readonly value: string;
}

export const badParameters = (): Refusal => validationError('Bad parameters');

export const validationError = (message: string): Refusal => badRequest('validation-error', message);

export const notOneOf = (resource: string, property: string, values: readonly string[]): Refusal =>
  validationError(
    `The '${resource}' resource property '${property}' must be one of the following values: ${values.join(', ')}`,
  );

export const aboveLimit = (resource: string, property: string, limit: number): Refusal =>
  validationError(`The '${resource}' resource property '${property}' exceeds the limit of ${limit}`);

export const notAbove = (resource: string, property: string, limit: number): Refusal =>
  validationError(`The '${resource}' resource property '${property}' must be greater than ${limit}`);

export const missingProperty = (resource: string, property: string): Refusal =>
  badRequest(
    'missing-property',
    `The '${resource}' resource property '${property}' is required but was not specified`,
  );

export const blankProperty = (resource: string, property: string): Refusal =>
  badRequest('blank-property', `The '${resource}' resource property '${property}' can't be blank`);

export const invalidUrl = (property: string, url: string, code: Assumptions['urlError']): Refusal => {
  switch (code) {
    case 'callback-invalid-url':
      return badRequest(code, `The URL '${url}' is not a valid callbackUrl/fallbackUrl`);
    case 'callback-url-invalid':
      return badRequest(code, `The callback URL '${url}' is not a valid URL`);
    case 'validation-error':
      return badRequest(code, `Invalid ${property} URL. ${property} is not a valid URL`);
  }
};

export const malformedBody = (status: Assumptions['malformedJson']): Refusal =>
  status === '400'
    ? badParameters()
    : make(500, 'unavailable', 'internal-error', 'An error occurred handling the message', []);

export const badCredentials = (): Refusal => ({
  ...make(401, 'authentication', 'authentication-error', 'Incorrect or disabled credentials', []),
  headers: { 'WWW-Authenticate': 'Basic realm="Catapult"' },
});

export const userAccessDenied = (status: 401 | 403, owner: string, user: string): Refusal =>
  make(
    status,
    'authorization',
    'user-access-denied',
    `User ${owner} does not have permission to access user ${user}`,
    [{ name: 'userId', value: user }],
  );

export const conferenceError = (
  id: string,
  state: ConferenceState,
  spelling: Assumptions['stateInMessage'],
): Refusal =>
  make(
    403,
    'forbidden',
    'conference-error',
    `Unable to update conference ${id}. Invalid conference state ${spelling === 'upper' ? state.toUpperCase() : state}`,
    [conferenceDetail(id)],
  );

export const tooManyMembers = (id: string): Refusal =>
  make(403, 'limit', 'conference-max-members', `The conference ${id} reached the max number of members`, [
    conferenceDetail(id),
  ]);

export const conferenceNotFound = (id: string): Refusal =>
  make(404, 'not-found', 'conference-not-found', `The conference ${id} could not be found`, [
    conferenceDetail(id),
  ]);

export const memberNotFound = (memberId: string): Refusal =>
  make(
    404,
    'not-found',
    'conference-member-not-found',
    `The conference member ${memberId} could not be found`,
    [{ name: 'memberId', value: memberId }],
  );

export const resourceNotFound = (): Refusal =>
  make(404, 'not-found', 'resource-not-found', 'The requested resource could not be found.', []);

export const updateConflict = (id: string): Refusal =>
  make(
    409,
    'conflict',
    'conference-update-conflict',
    `The conference ${id} could not be updated because another update was is progress`,
    [conferenceDetail(id)],
  );

export const memberUnavailable = (memberId: string): Refusal =>
  make(
    503,
    'unavailable',
    'call-unavailable',
    `The conference member ${memberId} doesn't have a available call retry your operation later`,
    [{ name: 'memberId', value: memberId }],
  );

/** `resetAtMs` is epoch milliseconds, a whole number. */
export const rateLimited = (resetAtMs: number, assumptions: Assumptions): Refusal => ({
  status: 429,
  category: 'too-many-requests',
  code: assumptions.rateCode,
  message: O.none,
  details: [{ name: 'rateLimitResetTime', value: String(resetAtMs) }],
  headers: resetHeader(resetAtMs, assumptions.rateResetHeader),
});

/** A fault of the seeded kind: what the API plausibly says beside this status. */
export const faultRefusal = (
  status: number,
  id: string,
  resetAtMs: number,
  assumptions: Assumptions,
): Refusal => {
  switch (status) {
    case 400:
      return badParameters();
    case 401:
      return badCredentials();
    case 403:
      return make(403, 'authorization', 'user-access-denied', 'The user does not have permission', []);
    case 404:
      return conferenceNotFound(id);
    case 409:
      return updateConflict(id);
    case 429:
      return rateLimited(resetAtMs, assumptions);
    case 500:
      return make(
        500,
        'backend',
        'backend-protocol-support-failure',
        `There was a backend error 500 for conference ${id}`,
        [conferenceDetail(id)],
      );
    default:
      return make(
        status,
        status < 500 ? 'bad-request' : 'unavailable',
        'internal-error',
        'An error occurred',
        [],
      );
  }
};

const badRequest = (code: string, message: string): Refusal => make(400, 'bad-request', code, message, []);

const conferenceDetail = (id: string): Detail => ({ name: 'conferenceId', value: id });

const resetHeader = (
  resetAtMs: number,
  unit: Assumptions['rateResetHeader'],
): Readonly<Record<string, string>> => {
  switch (unit) {
    case 'milliseconds':
      return { 'X-RateLimit-Reset': String(resetAtMs) };
    case 'seconds':
      return { 'X-RateLimit-Reset': String(Math.ceil(resetAtMs / 1000)) };
    case 'absent':
      return {};
  }
};

const make = (
  status: number,
  category: string,
  code: string,
  message: string,
  details: readonly Detail[],
): Refusal => ({ status, category, code, message: O.some(message), details, headers: {} });
