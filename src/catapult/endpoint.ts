/**
 * The address of the API. Credentials go there with every call, so it is https, or a server on this machine:
 * a sandbox or a test.
 *
 * Invariant: an `Endpoint` is normal (no slash at the end, no default port): equal ones are equal texts.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';

interface EndpointBrand {
  readonly Endpoint: unique symbol;
}

/** Such as `https://api.catapult.inetwork.com` or, behind a proxy, `https://proxy.example/catapult`. */
export type Endpoint = t.Branded<string, EndpointBrand>;

export const defaultEndpoint = 'https://api.catapult.inetwork.com';

/** Left: what is wrong and what to write instead; nothing of a user name or password is in it. */
export const parseEndpoint = (input: string): E.Either<string, Endpoint> => {
  const text = input.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return E.left(`the endpoint has no scheme: ${example}`);
  const url = parseUrl(text);
  if (url === undefined) return E.left(`the endpoint is not a valid URL: ${example}`);
  const fault = findFault(url, text);
  if (fault !== undefined) return E.left(fault);
  return pipe(
    NormalEndpoint.decode(normal(url)),
    E.mapLeft(() => `the endpoint is not a valid URL: ${example}`),
  );
};

const example = `write it like ${defaultEndpoint}`;

// A URL parser repairs blanks and backslashes; what needs repair is a slip of the pen.
const parseUrl = (text: string): URL | undefined =>
  /[\s\\]/.test(text) ? undefined : O.toUndefined(O.tryCatch(() => new URL(text)));

const findFault = (url: URL, text: string): string | undefined => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `the endpoint must be https: ${example}`;
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) {
    return `the endpoint must not hold a user name or password (they have their own variables): write ${normal(url)}`;
  }
  // `https://user:80/secret@host` has a port and a path for the parser, and a password for who wrote it.
  if (/^[^/]*\/\/[^/?#]*:[0-9]*[/?#].*[^/]@/.test(text))
    return `the endpoint must not have an @ behind a port: ${example}`;
  if (/[?#]/.test(text)) return `the endpoint must not have a query or a fragment: write ${normal(url)}`;
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    const secure = normal(url).replace('http:', 'https:');
    return `plain http would show the credentials to the network: write ${secure}`;
  }
  return undefined;
};

// The parser has brought every spelling of an IPv4 address (127.1, 0x7f000001) into its usual form.
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname === '[::1]' ||
  /^127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$/.test(hostname);

const normal = (url: URL): string => `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;

const NormalEndpoint = t.brand(t.string, (text): text is Endpoint => normalShape.test(text), 'Endpoint');
const normalShape = /^https?:\/\/[^\s\\/?#@]+(\/[^\s\\?#]*[^\s\\?#/])?$/;
