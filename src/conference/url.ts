/**
 * A callback URL may carry a password, which must be sent to the API and must never be seen or stored. So may its
 * path: `https://host/events/<secret>` is where a daemon takes the API's events, and whoever reads the secret can
 * send some. It is recognised by its place and its length, because most runs are not told which secret is in use.
 *
 * - `maskPasswords` is for eyes: every output that may hold a URL goes through it.
 * - `seal` is for the ledger: the secret becomes a digest, so that a change of it is still noticed.
 *
 * Laws: `seal(seal(x))` is `seal(x)`; `maskPasswords(maskPasswords(x))` is `maskPasswords(x)`;
 * neither changes a URL without a secret.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';

export interface WebUrlBrand {
  readonly WebUrl: unique symbol;
}

/** An absolute http or https URL, exactly as written: what is declared is what is sent. */
export const WebUrl = t.brand(
  t.string,
  (text): text is t.Branded<string, WebUrlBrand> => isWebUrl(text),
  'WebUrl',
);

export type WebUrl = t.TypeOf<typeof WebUrl>;

/** Replaces the password of every URL in a text (any scheme) by `***`, and the secret in its path. */
export const maskPasswords = (text: string): string =>
  mayHoldSecret(text)
    ? replaceEventSecrets(
        text.replace(passwordInUrl, '$1***@').replace(passwordInText, '$1***@'),
        () => '***',
      )
    : text;

/** Replaces every secret by a digest bound to the whole text. Text without a secret stays as it is. */
export const seal = (text: string): string => {
  if (!mayHoldSecret(text)) return text;
  const sealOne = (secret: string): string => (sealed.test(secret) ? secret : `sealed-${digest(text)}`);
  const sealPassword = (_whole: string, before: string, password: string): string =>
    `${before}${sealOne(password)}@`;
  const withoutPasswords = text.replace(passwordInUrl, sealPassword).replace(passwordInText, sealPassword);
  return replaceEventSecrets(withoutPasswords, sealOne);
};

/** The secrets of all URLs in a text, as they stand there and decoded. For removing them elsewhere. */
export const passwordsIn = (text: string): readonly string[] => {
  if (!mayHoldSecret(text)) return [];
  const secrets = [text.match(passwordInUrl), ...text.matchAll(passwordInText)].map(
    (found) => found?.[2] ?? '',
  );
  replaceEventSecrets(text, (secret) => {
    secrets.push(secret);
    return secret;
  });
  return secrets.flatMap((secret) => {
    const decoded = E.tryCatch(() => decodeURIComponent(secret), E.toError);
    return E.isRight(decoded) ? [secret, decoded.right] : [secret];
  });
};

export const hasPassword = (url: string): boolean => url.includes('@') && passwordInUrl.test(url);

/**
 * A URL parser repairs what it reads (blanks, backslashes, missing slashes); what is repaired would not be what is
 * sent. A second `@`, quotes and brackets before the host must be percent-encoded, or nobody sees where it begins.
 */
export const webUrlPattern =
  /^[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:[^\s\\/?#@"'<>]*@)?[^\s\\/?#@"'<>]+(?:[/?#][^\s\\]*)?$/;

const isWebUrl = (text: string): boolean => webUrlPattern.test(text) && URL.canParse(text);

/** Most texts hold none, and every value of every call is looked at. */
const mayHoldSecret = (text: string): boolean => text.includes('@') || text.includes(eventsPath);

const passwordInUrl = /^([a-z][a-z0-9+.-]*:\/\/[^\s/?#:]*:)([^\s/?#]+)@/i;
// Looks no further back than one character of the scheme: the time of a pattern that begins with all of it grows
// with the square of the length, and a tag has no limit.
const passwordInText = /((?<=[a-z0-9+.-]):\/\/[^\s/?#:'"]*:)([^\s/?#]+)@/gi;
const sealed = /^sealed-[0-9a-f]{32}$/;

/** Looked for word by word, so that the time does not grow with the square of the length. */
const replaceEventSecrets = (text: string, replace: (secret: string) => string): string =>
  text.includes(eventsPath)
    ? text.replace(/[^\s"'<>]+/g, (word) => {
        const start = word.indexOf('://');
        if (start === -1) return word;
        const rest = word
          .slice(start)
          .replace(eventSecret, (_whole, before: string, secret: string) => before + replace(secret));
        return word.slice(0, start) + rest;
      })
    : text;

const eventsPath = '/events/';

// No secret that is taken is shorter, nor has other signs in it.
const eventSecret = /(\/events\/)([\w%-]{16,})/g;

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32);
