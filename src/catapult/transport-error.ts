/**
 * What it means that no answer came. A request that surely never left changes nothing; one that may have left
 * is in doubt, and so is everything this module does not know.
 *
 * node-fetch reports network faults as `FetchError` with the `code` of the system error and its text behind
 * "reason: "; when several addresses were tried (AggregateError) that text is empty.
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Failure } from './answer.js';
import { makeEvidence } from './evidence.js';
import type { Scrub } from './scrub.js';

export const classifyTransportError = (cause: unknown, scrub: Scrub): Failure => {
  const fault = readFault(cause);
  const message = fault.reason.includes(fault.code) ? fault.reason : `${fault.reason} (${fault.code})`.trim();
  return {
    _tag: neverSent(fault) ? 'Unsent' : 'InDoubt',
    evidence: makeEvidence(O.none, O.none, message, scrub),
  };
};

interface Fault {
  /** Empty: none. */
  readonly code: string;
  /** The system's own words; empty: none. */
  readonly reason: string;
  /** The faults of each address that was tried. */
  readonly parts: readonly Fault[];
}

const readFault = (cause: unknown, depth = 0): Fault => ({
  code: text(property(cause, 'code')),
  reason: typeof cause === 'string' ? cause : systemWords(text(property(cause, 'message'))),
  parts: depth === 0 ? parts(property(cause, 'errors')) : [],
});

const parts = (errors: unknown): readonly Fault[] =>
  Array.isArray(errors) ? errors.map((each: unknown) => readFault(each, 1)) : [];

// The text in front repeats the whole address of the request.
const systemWords = (message: string): string => message.replace(/^request to \S* failed, reason: ?/, '');

const property = (value: unknown, name: string): unknown =>
  pipe(
    O.tryCatch((): unknown =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined,
    ),
    O.toUndefined,
  );

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const neverSent = (fault: Fault): boolean =>
  fault.parts.length > 0
    ? fault.parts.every(neverSent)
    : notConnected(fault) || notSecured(fault) || notBuilt(fault);

/** No connection was made. The same codes can hit one in use: the text then begins with read or write. */
const notConnected = ({ code, reason }: Fault): boolean => {
  if (/^(connect|bind|getaddrinfo|query\w*) /.test(reason)) return true;
  if (code === 'ETIMEDOUT') return reason === '';
  return connectCodes.has(code) && !/^(read|write) /.test(reason);
};

/** The name or the certificate of the other side was refused, or the two found no common way to talk. */
const notSecured = ({ code, reason }: Fault): boolean =>
  reason.includes('before secure TLS connection was established') ||
  certificateCodes.test(code) ||
  handshakeFaults.some((words) => `${code} ${reason}`.toLowerCase().replaceAll('_', ' ').includes(words));

/** The request could not even be written down. */
const notBuilt = ({ code, reason }: Fault): boolean =>
  buildCodes.has(code) ||
  /^Only (absolute URLs|HTTP\(S\) protocols) are supported/.test(reason) ||
  /is not a legal HTTP header (name|value)$/.test(reason);

const connectCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);

/** OpenSSL's names for what is wrong with a certificate, and Node's own; no alerts of the other side. */
const certificateCodes =
  /^(?!ERR_SSL_).*(CERT|CRL|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;

/**
 * Faults that only a handshake has. A handshake of TLS 1.3 is over before the other side has looked at ours,
 * so an alert about a certificate of ours may come after the request: it is not here. Lower case, blanks for
 * underscores: Node writes them as a code or as a sentence.
 */
const handshakeFaults: readonly string[] = [
  'wrong version number',
  'unsupported protocol',
  'no protocols available',
  'alert protocol version',
  'alert handshake failure',
  'unrecognized name',
  'no shared cipher',
  'unsafe legacy renegotiation',
  'dh key too small',
];

const buildCodes: ReadonlySet<string> = new Set([
  'ERR_INVALID_URL',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_PROTOCOL',
  'ERR_UNESCAPED_CHARACTERS',
]);
