/**
 * A callback URL may carry a password, which must be sent to the API and must never be seen or stored.
 *
 * - `maskPasswords` is for eyes: every output that may hold a URL goes through it.
 * - `seal` is for the ledger: the password becomes a digest, so that a change of it is still noticed.
 *
 * Laws: `seal(seal(x))` is `seal(x)`; `maskPasswords(maskPasswords(x))` is `maskPasswords(x)`;
 * neither changes a URL without a password.
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

/** Replaces the password of every URL in a text (any scheme) by `***`. */
export const maskPasswords = (text: string): string =>
  text.replace(passwordInUrl, '$1***@').replace(passwordInText, '$1***@');

/** Replaces every password by a digest bound to the whole text. Text without a password stays as it is. */
export const seal = (text: string): string => {
  const sealOne = (whole: string, before: string, password: string): string =>
    sealedPassword.test(password) ? whole : `${before}sealed-${digest(text)}@`;
  return text.replace(passwordInUrl, sealOne).replace(passwordInText, sealOne);
};

/** The passwords of all URLs in a text, as they stand there and decoded. For removing them elsewhere. */
export const passwordsIn = (text: string): readonly string[] =>
  [text.match(passwordInUrl), ...text.matchAll(passwordInText)].flatMap((found) => {
    const password = found?.[2] ?? '';
    const decoded = E.tryCatch(() => decodeURIComponent(password), E.toError);
    return E.isRight(decoded) ? [password, decoded.right] : [password];
  });

export const hasPassword = (url: string): boolean => passwordInUrl.test(url);

// A URL parser repairs what it reads (blanks, backslashes, missing slashes); what is repaired would not be what is
// sent. A second `@`, quotes and brackets before the host must be percent-encoded, or nobody sees where it begins.
const isWebUrl = (text: string): boolean =>
  /^https?:\/\/(?:[^\s\\/?#@"'<>]*@)?[^\s\\/?#@"'<>]+(?:[/?#][^\s\\]*)?$/i.test(text) &&
  E.isRight(E.tryCatch(() => new URL(text), E.toError));

const passwordInUrl = /^([a-z][a-z0-9+.-]*:\/\/[^\s/?#:]*:)([^\s/?#]+)@/i;
// Looks no further back than one character of the scheme: the time of a pattern that begins with all of it grows
// with the square of the length, and a tag has no limit.
const passwordInText = /((?<=[a-z0-9+.-]):\/\/[^\s/?#:'"]*:)([^\s/?#]+)@/gi;
const sealedPassword = /^sealed-[0-9a-f]{32}$/;

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32);
