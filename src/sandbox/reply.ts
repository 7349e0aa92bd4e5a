/** Answers as HTTP: status, headers and the exact body, with the request's own details in every error. */
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import type { Detail, Refusal } from './refusal.js';
import type { Answer } from './step.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: no body. */
  readonly body: string;
}

/** What an error says about its request. */
export interface RequestFacts {
  readonly method: string;
  /** `/v1/users/u-1/conferences` */
  readonly path: string;
  readonly remoteAddress: string;
}

/** 200 has an empty body: one SDK takes 204 for an error. */
export const toReply = (answer: Answer, request: RequestFacts, assumptions: Assumptions): Reply => {
  switch (answer._tag) {
    case 'Done':
      return { status: 200, headers: emptyHeaders, body: '' };
    case 'Created':
      return {
        status: 201,
        headers: { ...emptyHeaders, Location: location(answer.url, assumptions) },
        body: '',
      };
    case 'Shown':
      return { status: 200, headers: jsonHeaders, body: JSON.stringify(answer.json) };
    case 'Refused':
      return refused(answer.refusal, request, assumptions);
  }
};

const jsonHeaders = { 'Content-Type': 'application/json' };
const emptyHeaders = { 'Content-Length': '0' };

const location = (url: string, assumptions: Assumptions): string =>
  assumptions.location === 'absolute' ? url : new URL(url).pathname;

const refused = (refusal: Refusal, request: RequestFacts, { badCredentialsBody }: Assumptions): Reply => {
  const { status, category, code, message, headers } = refusal;
  if (category === 'authentication' && badCredentialsBody === 'empty')
    return { status, headers: { ...emptyHeaders, ...headers }, body: '' };
  const body = {
    category,
    code,
    ...(O.isSome(message) ? { message: message.value } : {}),
    details: [...refusal.details, ...requestDetails(request)],
  };
  return { status, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify(body) };
};

const requestDetails = ({ method, path, remoteAddress }: RequestFacts): readonly Detail[] => [
  { name: 'requestMethod', value: method.toUpperCase() },
  { name: 'remoteAddress', value: remoteAddress },
  { name: 'requestPath', value: path.replace(/^\/v1\//, '').replace(/^\//, '') },
];
