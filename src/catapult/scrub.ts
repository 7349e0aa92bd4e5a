/**
 * Keeps credentials out of everything that is shown: an answer, or a proxy on the way, may echo the header or
 * the body it was sent. Law: no word of at least `shortestSecret` characters is left in a scrubbed text, in
 * whatever case, whether it stands there as it is or escaped for JSON, HTML or a URL, also twice.
 */

/** Removes secrets from a text. */
export type Scrub = (text: string) => string;

/** Shorter words are part of ordinary text; to remove them would hide nothing and spoil every message. */
const shortestSecret = 4;

/** Longest first, so that a secret which contains another one leaves no rest behind. */
export const makeScrub = (words: readonly string[]): Scrub => {
  const secrets = [...new Set(words)]
    .filter((word) => word.length >= shortestSecret)
    .toSorted((left, right) => right.length - left.length);
  if (secrets.length === 0) return (text) => text;
  const pattern = new RegExp(secrets.map(anySpelling).join('|'), 'giu');
  return (text) => text.replace(pattern, '***');
};

// Runs are one: several that may each be several cost more time than there is.
const anySpelling = (word: string): string =>
  Array.from(word.replace(/\s+/g, ' ').replace(/\\+/g, '\\'), spellings).join('');

/** Of one character, as alternatives. What evidence leaves out of a text may be missing here as well. */
const spellings = (character: string): string => {
  if (character === ' ') return `(?:\\s|\\+|${escaped(' ')}|%(?:25)?0[9ad]|\\\\{1,8}[nrt]){1,9}`;
  if (character === '\\') return `(?:\\\\|${escaped('\\')}){1,40}`;
  const bare = `\\\\{0,8}${literal(character)}`;
  const optional = /[\p{Cc}\p{Cf}\p{Cs}]/u.test(character) ? '?' : '';
  const short = shortEscapes[character];
  return `(?:${bare}|${escaped(character)}${short === undefined ? '' : `|${short}`})${optional}`;
};

const escaped = (character: string): string => {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  const bytes = Array.from(new TextEncoder().encode(character), (byte) => `%(?:25)?${padded(byte, 2)}`);
  const units = character.split('').map((unit) => `\\\\{1,8}u${padded(unit.charCodeAt(0), 4)}`);
  const entity = `&(?:amp;)?#(?:0{0,6}${character.codePointAt(0) ?? 0}|x0{0,6}${hex});`;
  return [bytes.join(''), units.join(''), entity].join('|');
};

const literal = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const padded = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const shortEscapes: Readonly<Partial<Record<string, string>>> = {
  '&': '&(?:amp;){1,2}',
  '<': '&(?:amp;)?lt;',
  '>': '&(?:amp;)?gt;',
  '"': '&(?:amp;)?quot;',
  "'": '&(?:amp;)?apos;',
};
