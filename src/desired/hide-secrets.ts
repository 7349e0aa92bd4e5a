/**
 * Makes text from a manifest fit to be shown: no password, no control character, not too long.
 *
 * A broken URL is the likeliest place for a password that `maskPasswords` cannot see (a `/`, `#` or blank in
 * it, a missing scheme). Here it is better to hide too much than too little: nothing but people read this.
 * From the colon after the user's name to the last `@` before a quote or another URL, all is hidden.
 */
import { maskPasswords } from '../conference/url.js';

export const hideSecrets = (text: string): string =>
  text.includes('@')
    ? maskPasswords(text)
        .replace(afterSlashes, (_whole, before: string) => `${before}***@`)
        .replace(withoutSlashes, (_whole, before: string) => `${before}***@`)
    : text;

/** One character for one, so that columns stay. A tab becomes a blank. */
export const replaceControls = (text: string): string =>
  text.replaceAll('\t', ' ').replace(invisible, '\uFFFD');

/** A value of a manifest as a message shows it. */
export const quote = (value: unknown): string => {
  if (typeof value !== 'string') return String(value);
  if (value.length > longestQuotable) return `a text of ${value.length} characters`;
  const shown = hideSecrets(value);
  return replaceControls(JSON.stringify(shorten(shown, longestQuote)));
};

/** Cuts without leaving half a surrogate pair. */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

const longestQuote = 60;
const longestQuotable = 10_000;

const afterSlashes = /(\/\/[^\s/?#:@'"<>]*:)(?:(?!:\/\/|["'])[^\n])*@/g;
const withoutSlashes = /((?:^|[\s"'])[^\s/?#:@'"<>]+:)(?!\/\/|\*\*\*@)[^\s]+@/g;

/** Control characters, what steers the direction of text, line separators, half surrogate pairs. */
export const invisible = /[\p{Cc}\p{Cs}\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;
