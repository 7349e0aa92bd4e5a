/**
 * What an answer means. One total function from an HTTP answer to "executed" or a failure; together with
 * `transport-error.ts` it is the only place that knows what a status or a code of the API stands for.
 *
 * Laws: every answer has exactly one meaning; only the status, the code, the category and the state named in
 * the body decide; 2xx is executed whatever its body is; the evidence obeys the laws of `evidence.ts`.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Evidence, Failure } from './answer.js';
import { detail, type ErrorBody, parseErrorBody } from './error-body.js';
import { bodyWords, makeEvidence } from './evidence.js';
import { resetAt } from './rate-limit.js';
import type { Scrub } from './scrub.js';

/** One HTTP answer, as far as it matters. */
export interface Answer {
  readonly status: number;
  /** Header `X-RateLimit-Reset`. */
  readonly rateLimitReset: O.Option<string>;
  /** Header `Date`. */
  readonly date: O.Option<string>;
  /** Header `Location`. */
  readonly location: O.Option<string>;
  /** none: the connection broke, or time ran out, while the body was read. */
  readonly body: O.Option<string>;
}

/** Right: executed, with the HTTP status. */
export const classify = (answer: Answer, nowMs: number, scrub: Scrub): E.Either<Failure, number> => {
  if (answer.status >= 200 && answer.status <= 299) return E.right(answer.status);
  const error = parseErrorBody(O.getOrElse(() => '')(answer.body));
  const _tag = meaning(answer, error);
  const evidence = errorEvidence(answer, error, scrub);
  if (_tag !== 'Limited') return E.left({ _tag, evidence });
  const hint = {
    header: answer.rateLimitReset,
    detail: detail(error, 'rateLimitResetTime'),
    date: answer.date,
  };
  return E.left({ _tag, evidence, resetAtMs: resetAt(hint, nowMs) });
};

// In 403 and 404 the body decides between one conference and the whole account: without it nothing is known.
const meaning = ({ status, body }: Answer, error: ErrorBody): Failure['_tag'] => {
  if (!(status >= 300 && status <= 499)) return 'InDoubt';
  if (status <= 399 || status === 401) return 'Denied';
  if ((status === 403 || status === 404) && O.isNone(body)) return 'InDoubt';
  if (status === 403) return forbidden(error);
  if (status === 404) return hasCode(error, 'conference-not-found') ? 'Missing' : 'Denied';
  if (status === 409) return 'Conflict';
  return status === 429 ? 'Limited' : 'Rejected';
};

const forbidden = (error: ErrorBody): Failure['_tag'] => {
  if (hasCode(error, 'conference-error')) return saysCompleted(error) ? 'Ended' : 'Rejected';
  if (hasCode(error, 'conference-max-members')) return 'Rejected';
  if (O.exists((code: string) => code.includes('access-denied'))(error.code)) return 'Denied';
  const category = O.toUndefined(error.category);
  if (category === 'limit' || category === 'too-many-requests') return 'Limited';
  return category !== undefined && categoriesOfTheCall.has(category) ? 'Rejected' : 'Denied';
};

/**
 * The documented categories of a 403 that are about the call and not about who made it. Anything else,
 * a proxy's page included, says that we may not talk to this API at all.
 */
const categoriesOfTheCall: ReadonlySet<string> = new Set([
  'not-found',
  'bad-request',
  'conflict',
  'forbidden',
  'unavailable',
  'credit',
  'payment',
  'backend',
]);

const hasCode = (error: ErrorBody, code: string): boolean => O.exists((known) => known === code)(error.code);

/**
 * The documented message is `Unable to update conference {id}. Invalid conference state {state}`; how the
 * state is spelled is unknown. It has to stand alone: an id may contain the word.
 */
const saysCompleted = (error: ErrorBody): boolean =>
  O.exists((message: string) => /(?<![\w.-])completed(?![\w-])/i.test(message))(error.message) ||
  error.details.some(({ name, value }) => name !== 'conferenceId' && /^\W*completed\W*$/i.test(value));

const errorEvidence = (answer: Answer, error: ErrorBody, scrub: Scrub): Evidence =>
  makeEvidence(O.some(answer.status), error.code, errorMessage(answer, error, scrub), scrub);

const errorMessage = (answer: Answer, error: ErrorBody, scrub: Scrub): string => {
  if (answer.status >= 300 && answer.status <= 399) return redirectMessage(answer);
  if (O.isNone(answer.body)) return `HTTP ${answer.status}, and the connection broke while the body was read`;
  const { value: body } = answer.body;
  return pipe(
    error.message,
    O.alt(() => error.code),
    O.getOrElse(() => bodyWords(body, scrub)),
  );
};

// Neither user name nor query of the target is shown: both may hold credentials.
const redirectMessage = ({ status, location }: Answer): string => {
  const target = pipe(
    location,
    O.chain((text) => O.tryCatch(() => new URL(text))),
    O.match(
      () => '',
      (url) => ` to ${url.protocol}//${url.host}${url.pathname}`,
    ),
  );
  return `redirects are not followed: the endpoint answered HTTP ${status}${target} (correct the endpoint)`;
};
