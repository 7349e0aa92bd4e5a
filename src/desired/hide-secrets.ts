/**
 * Makes text from a manifest fit to be shown: no password, no control character, not too long.
 *
 * A broken URL is the likeliest place for a password that `maskPasswords` cannot see (a `/`, `#`, quote or blank
 * in it, a missing scheme, a line that ends too early). Here it is better to hide too much than too little:
 * nothing but people read this. From the colon after the user's name to the last `@` before the next URL, all
 * is hidden; where no `@` follows, the rest of the word, unless it is a port.
 *
 * The time grows with the length and not faster: a text is as long as its author likes.
 */
import { maskPasswords } from '../conference/url.js';

/** Which ends were cut off: a URL may go on there. */
export interface Torn {
  readonly left: boolean;
  readonly right: boolean;
}

const whole: Torn = { left: false, right: false };

export const hideSecrets = (text: string, torn: Torn = whole): string => {
  if (!torn.left && !text.includes(':') && !text.includes('/events/')) return text;
  const parts = maskPasswords(text).replace(eventSecret, '$1***').split(nextUrl);
  return parts
    .map((part, index) => {
      const right = torn.right && index === parts.length - 1;
      return hideInWords(hideInUrl(part, { left: torn.left && index === 0, right }), right);
    })
    .join('');
};

/** One character for one, so that columns stay. A tab becomes a blank. */
export const replaceControls = (text: string): string =>
  text.replaceAll('\t', ' ').replace(invisible, '\uFFFD');

/** A value of a manifest as a message shows it. */
export const quote = (value: unknown): string => {
  if (typeof value !== 'string') return String(value);
  if (value.length > longestQuotable) return `a text of ${value.length} characters`;
  const isLong = value.length > longestSearched;
  const shown = hideSecrets(value.slice(0, longestSearched), { left: false, right: isLong });
  return replaceControls(JSON.stringify(shorten(shown, longestQuote)));
};

/** Cuts without leaving half a surrogate pair. */
export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

const longestQuote = 60;
const longestQuotable = 10_000;
/** How much is looked at of a text of which `longestQuote` characters are shown. */
const longestSearched = 500;

// In an address whose scheme is missing or wrong. What goes on after a slash or with an ending is a path on the disk.
const eventSecret = /(\/events\/)[\w%-]{16,}(?![./]\w|[\w%-])/g;

const nextUrl = /(?<![a-z0-9+.-])(?=[a-z][a-z0-9+.-]{0,20}:\/\/)/i;

/** `part` holds one URL at most, or the end of one. */
const hideInUrl = (part: string, torn: Torn): string => {
  if (torn.left && part.includes('@')) return `***${part.slice(part.lastIndexOf('@'))}`;
  const opening = /\/\/[^\s/?#:'"<>]*:/.exec(part);
  if (opening === null) return part;
  const start = opening.index + opening[0].length;
  const [before, rest] = [part.slice(0, start), part.slice(start)];
  if (rest.startsWith('***@')) return before + rest.replace(/^\*\*\*@[^"']*@/, '***@');
  if (rest.includes('@')) return `${before}***${rest.slice(rest.lastIndexOf('@'))}`;
  if (isPort.test(rest) || opening[0].includes('[')) return part;
  return torn.right ? `${before}***` : before + rest.replace(/^[^\s"']+/, '***');
};

const isPort = /^\d{0,5}(?![^\s/?#"',;)\]}>])/;

/** Words such as `user:password@host`, where the scheme is missing. `torn`: the last word goes on. */
const hideInWords = (part: string, torn: boolean): string =>
  part.replace(/\S+/g, (word, at: number) => {
    const goesOn = torn && at + word.length === part.length;
    const end = goesOn ? word.length : word.lastIndexOf('@');
    const opening = end === -1 ? null : /(?:^|["'])[^\s/?#:@'"<>]+:(?!\/\/)/.exec(word);
    const start = opening === null ? end : opening.index + opening[0].length;
    return start < end ? `${word.slice(0, start)}***${word.slice(end)}` : word;
  });

/** Control characters, what steers the direction of text, line separators, half surrogate pairs. */
export const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]/gu;
