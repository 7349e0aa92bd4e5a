/**
 * Names, tags and paths come from files that anybody may write, and end in terminals, logs and comments.
 * What could move a cursor, start a new line, change colours or turn the reading direction is shown as an
 * escape (`\u001b`) instead of being obeyed. Letters of every script and emoji stay as they are.
 *
 * Laws: `safeText(safeText(x))` is `safeText(x)`; a quoted text is one line and at most `limit` columns
 * plus quotes and ellipses.
 */

/** One line without anything that a terminal would act on. */
export const safeText = (text: string): string =>
  isPlain(text) ? text : text.replace(unsafe, escapeCharacter);

/** JSON text with the same guarantee; its own line breaks stay, and it decodes to the same value. */
export const safeJsonText = (json: string): string =>
  /^[\n -~]*$/.test(json) ? json : json.split('\n').map(safeText).join('\n');

/** Safe and in quotes, as JSON writes it; cut after `limit` columns, where an ellipsis follows the quote. */
export const quote = (text: string, limit: number, start = 0): string => {
  // Escaping a printable character makes two of it at most.
  if (start === 0 && isPlain(text) && text.length <= limit / 2) return JSON.stringify(text);
  let position = 0;
  let shown = '';
  let used = 0;
  for (const character of text) {
    position += 1;
    if (position <= start) continue;
    const piece = safeText(JSON.stringify(character).slice(1, -1));
    used += spaceOf(piece);
    if (used > limit) return `${start > 0 ? '…' : ''}"${shown}"…`;
    shown += piece;
  }
  return `${start > 0 ? '…' : ''}"${shown}"`;
};

/** Safe, and cut after `limit` columns. */
export const shorten = (text: string, limit: number): string => {
  if (isPlain(text) && text.length <= limit) return text;
  let shown = '';
  let used = 0;
  for (const character of text) {
    const piece = safeText(character);
    used += spaceOf(piece);
    if (used > limit) return `${shown}…`;
    shown += piece;
  }
  return shown;
};

/** Columns that a safe text takes in a terminal. An estimate: only alignment depends on it. */
export const columns = (text: string): number => {
  if (isPlain(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return sum;
};

/** Printable ASCII, which most texts are, and which needs no look at each character. */
const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

// A mark without width of its own still counts, or a text of nothing else would have no limit.
const spaceOf = (piece: string): number => Math.max(1, columns(piece));

const escapeCharacter = (character: string): string => {
  const escaped = JSON.stringify(character).slice(1, -1);
  return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
};

// Control characters, halves of surrogate pairs, line and paragraph separators, marks of reading direction.
const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const zeroWidth = /^[\p{M}\p{Cf}]$/u;

const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;
