/** One row for each row of the table of answers, and for each oddity; walked with and without HTTP. */
import type { Failure } from '../../src/catapult/answer.js';

export interface AnswerRow {
  readonly name: string;
  readonly status: number;
  readonly body: string;
  readonly location?: string;
  readonly means: 'Executed' | Failure['_tag'];
  readonly code?: string;
  readonly message?: string;
}

export const errorJson = (
  category: string,
  code: string,
  message?: string,
  details: readonly unknown[] = [],
): string => JSON.stringify({ category, code, message, details });

const conferenceError = (state: string): string =>
  errorJson(
    'forbidden',
    'conference-error',
    `Unable to update conference conf-1. Invalid conference state ${state}`,
  );

const page =
  '<!DOCTYPE html><html><head><title>403 Forbidden</title><style>p{}</style></head><body><p>No</p></body></html>';

export const answerTable: readonly AnswerRow[] = [
  { name: '200 with an empty body', status: 200, body: '', means: 'Executed' },
  { name: '200 with HTML', status: 200, body: page, means: 'Executed' },
  { name: '200 with an error inside', status: 200, body: errorJson('forbidden', 'x'), means: 'Executed' },
  { name: '201', status: 201, body: '', means: 'Executed' },
  { name: '202 with broken JSON', status: 202, body: '{"id":', means: 'Executed' },
  { name: '204', status: 204, body: '', means: 'Executed' },
  { name: '299', status: 299, body: '', means: 'Executed' },

  {
    name: '400 validation-error',
    status: 400,
    body: errorJson(
      'bad-request',
      'validation-error',
      "The 'conference' resource property 'tag' is too long",
    ),
    means: 'Rejected',
    code: 'validation-error',
    message: "The 'conference' resource property 'tag' is too long",
  },
  { name: '400 empty', status: 400, body: '', means: 'Rejected', message: 'HTTP 400 without a message' },
  { name: '400 with text', status: 400, body: 'Bad\r\nRequest', means: 'Rejected', message: 'Bad Request' },
  {
    name: '400 with truncated JSON',
    status: 400,
    body: '{"code":"x"',
    means: 'Rejected',
    message: '{"code":"x"',
  },
  { name: '400 with a number', status: 400, body: '17', means: 'Rejected', message: '17' },
  {
    name: '400 with odd types',
    status: 400,
    body: '{"category":1,"code":["x"],"message":{},"details":"none"}',
    means: 'Rejected',
  },
  {
    name: '400 with odd details',
    status: 400,
    body: '{"code":"odd","details":[null,1,{"name":1},{"name":"a","value":[]}]}',
    means: 'Rejected',
    code: 'odd',
    message: 'odd',
  },
  {
    name: '400 with a byte order mark',
    status: 400,
    body: '\uFEFF{"code":"bom"}',
    means: 'Rejected',
    code: 'bom',
  },
  { name: '402', status: 402, body: '', means: 'Rejected' },
  { name: '405', status: 405, body: page, means: 'Rejected', message: '403 Forbidden' },
  { name: '410', status: 410, body: '', means: 'Rejected' },
  { name: '422', status: 422, body: '{}', means: 'Rejected', message: '{}' },
  { name: '499', status: 499, body: '', means: 'Rejected' },

  { name: '401 empty', status: 401, body: '', means: 'Denied', message: 'HTTP 401 without a message' },
  {
    name: '401 user-access-denied',
    status: 401,
    body: errorJson(
      'authorization',
      'user-access-denied',
      'User a does not have permission to access user b',
    ),
    means: 'Denied',
    code: 'user-access-denied',
  },
  {
    name: '401 of another category',
    status: 401,
    body: errorJson('forbidden', 'conference-error'),
    means: 'Denied',
  },

  { name: '403 empty', status: 403, body: '', means: 'Denied' },
  { name: '403 HTML', status: 403, body: page, means: 'Denied', message: '403 Forbidden' },
  { name: '403 truncated JSON', status: 403, body: '{"category":"forbidden"', means: 'Denied' },
  {
    name: '403 without category',
    status: 403,
    body: '{"message":"Forbidden"}',
    means: 'Denied',
    message: 'Forbidden',
  },
  { name: '403 unknown category', status: 403, body: errorJson('weather', 'rain'), means: 'Denied' },
  { name: '403 authentication', status: 403, body: errorJson('authentication', 'x'), means: 'Denied' },
  { name: '403 authorization', status: 403, body: errorJson('Authorization', 'x'), means: 'Denied' },
  {
    name: '403 access-denied',
    status: 403,
    body: errorJson('forbidden', 'number-access-denied'),
    means: 'Denied',
  },
  {
    name: '403 credit',
    status: 403,
    body: errorJson('credit', 'insufficient-available-balance', 'Too little'),
    means: 'Rejected',
    code: 'insufficient-available-balance',
  },
  { name: '403 payment', status: 403, body: errorJson('payment', 'pre-pay-refill-x'), means: 'Rejected' },
  {
    name: '403 forbidden',
    status: 403,
    body: errorJson('forbidden', 'invalid-call-conference-id', 'Invalid'),
    means: 'Rejected',
  },
  { name: '403 limit', status: 403, body: errorJson('limit', 'calls-limit'), means: 'Limited' },
  {
    name: '403 conference-max-members',
    status: 403,
    body: errorJson(
      'limit',
      'conference-max-members',
      'The conference conf-1 reached the max number of members',
    ),
    means: 'Rejected',
  },

  {
    name: '403 completed',
    status: 403,
    body: conferenceError('completed'),
    means: 'Ended',
    code: 'conference-error',
  },
  { name: '403 COMPLETED', status: 403, body: conferenceError('COMPLETED'), means: 'Ended' },
  { name: "403 'Completed'.", status: 403, body: conferenceError("'Completed'."), means: 'Ended' },
  {
    name: '403 completed in the details alone',
    status: 403,
    body: errorJson('forbidden', 'conference-error', 'No', [{ name: 'state', value: 'Completed' }]),
    means: 'Ended',
  },
  { name: '403 conference-error, active', status: 403, body: conferenceError('active'), means: 'Rejected' },
  {
    name: '403 conference-error, no state',
    status: 403,
    body: errorJson('forbidden', 'conference-error'),
    means: 'Rejected',
  },
  {
    name: '403 conference-error, active, of an id that says completed',
    status: 403,
    body: errorJson(
      'forbidden',
      'conference-error',
      'Unable to update conference conf-completed. Invalid conference state active',
      [{ name: 'conferenceId', value: 'completed' }],
    ),
    means: 'Rejected',
  },

  {
    name: '404 conference-not-found',
    status: 404,
    body: errorJson('not-found', 'conference-not-found', 'The conference conf-1 could not be found'),
    means: 'Missing',
    code: 'conference-not-found',
  },
  {
    name: '404 user-not-found',
    status: 404,
    body: errorJson('not-found', 'user-not-found'),
    means: 'Denied',
  },
  {
    name: '404 conference-member-not-found',
    status: 404,
    body: errorJson('not-found', 'conference-member-not-found'),
    means: 'Denied',
  },
  { name: '404 empty', status: 404, body: '', means: 'Denied' },
  { name: '404 HTML', status: 404, body: page, means: 'Denied' },

  {
    name: '409 conference-update-conflict',
    status: 409,
    body: errorJson('conflict', 'conference-update-conflict', 'another update was is progress'),
    means: 'Conflict',
  },
  { name: '409 empty', status: 409, body: '', means: 'Conflict' },
  {
    name: '429 as in the API documentation',
    status: 429,
    body: errorJson('too-many-requests', 'rate-limit-reached'),
    means: 'Limited',
    code: 'rate-limit-reached',
    message: 'rate-limit-reached',
  },
  { name: '429 empty', status: 429, body: '', means: 'Limited' },
  { name: '429 HTML', status: 429, body: page, means: 'Limited' },

  {
    name: '301',
    status: 301,
    body: '',
    location: 'https://user:hunter2@elsewhere.example/v1/x?key=hunter2#hunter2',
    means: 'Denied',
    message:
      'redirects are not followed: the endpoint answered HTTP 301 to https://elsewhere.example/v1/x (correct the endpoint)',
  },
  { name: '307', status: 307, body: page, location: 'https://elsewhere.example/', means: 'Denied' },
  {
    name: '302 without a target',
    status: 302,
    body: '',
    means: 'Denied',
    message: 'redirects are not followed: the endpoint answered HTTP 302 (correct the endpoint)',
  },
  { name: '304', status: 304, body: '', means: 'Denied' },

  {
    name: '500 backend',
    status: 500,
    body: errorJson('backend', 'backend-protocol-support-failure', 'There was a backend error'),
    means: 'InDoubt',
    code: 'backend-protocol-support-failure',
  },
  {
    name: '500 conference-not-found',
    status: 500,
    body: errorJson('not-found', 'conference-not-found'),
    means: 'InDoubt',
  },
  { name: '502 HTML', status: 502, body: '<h1>Bad   gateway</h1>', means: 'InDoubt', message: 'Bad gateway' },
  { name: '503 empty', status: 503, body: '', means: 'InDoubt' },
  { name: '599', status: 599, body: '', means: 'InDoubt' },
  { name: '600', status: 600, body: '', means: 'InDoubt' },
  { name: '999', status: 999, body: '{}', means: 'InDoubt' },
];
