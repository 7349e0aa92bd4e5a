/**
 * The lines of an ordinary manifest: a key with or without a value, `---`, comments and blank lines, which are left
 * out. Any other line makes the whole file none of the ordinary ones.
 *
 * What may stand in a line is chosen so that nobody can read it in two ways: no tab, no line break but a line feed, no
 * character that is not seen, no indicator at the beginning of a value, no escape in quotes, and no line so long that
 * it meets a limit of `yaml` (1024 characters of a key) or of a regular expression.
 */
import { mostLexemes } from './limits.js';
import { ordinaryScalar } from './ordinary-scalar.js';
import { emptyScalar, type Scalar } from './tree.js';

export type Line = KeyLine | { readonly _tag: 'DocumentStart'; readonly end: number };

export interface KeyLine {
  readonly _tag: 'Key';
  /** Blanks before the key. */
  readonly indent: number;
  readonly key: Scalar;
  /** Where nothing is written after the colon, an empty scalar after the blanks. */
  readonly value: Scalar;
}

/** undefined: there is something else in it. */
export const ordinaryLines = (text: string): readonly Line[] | undefined => {
  if (unusual.test(text)) return undefined;
  const written = text.split('\n');
  if (written.length > mostLines) return undefined;
  const lines: Line[] = [];
  let start = 0;
  for (const line of written) {
    if (line.length > longestLine) return undefined;
    const read = readLine(line, start);
    if (read !== undefined) lines.push(read);
    else if (!isLeftOut.test(line)) return undefined;
    start += line.length + 1;
  }
  return lines;
};

/** A line has at most ten of what `mostLexemes` counts. */
const mostLines = mostLexemes / 10;

/** Characters. */
const longestLine = 1000;

const readLine = (line: string, start: number): Line | undefined => {
  const found = keyLine.exec(line);
  const blanks = found?.[1];
  const key = found?.[2];
  if (blanks === undefined || key === undefined) {
    const mark = documentStart.exec(line)?.[1];
    return mark === undefined ? undefined : { _tag: 'DocumentStart', end: start + mark.length };
  }
  const value = found?.[4];
  const keyStart = start + blanks.length;
  const valueStart = keyStart + key.length + 1 + (found?.[3] ?? '').length;
  const keyRead = ordinaryScalar(key, keyStart);
  const valueRead = value === undefined ? emptyScalar(valueStart) : ordinaryScalar(value, valueStart);
  return keyRead === undefined || valueRead === undefined
    ? undefined
    : { _tag: 'Key', indent: blanks.length, key: keyRead, value: valueRead };
};

/** Line feeds, ASCII that is printed, and nearly all beyond Latin-1's controls. */
const unusual = /[^\n -~\u00A1-\u2027\u202A-\uFEFE\uFF00-\uFFFD]/;

const comment = '(?:(?<= )#.*)?';
const documentStart = new RegExp(`^(--- *)${comment}$`);
const isLeftOut = /^ *(?:#.*)?$/;

const inQuotes = `"[^"\\\\]*"|'(?:[^']|'')*'`;
const plainKey = '[A-Za-z0-9_][A-Za-z0-9_.-]*';
// A colon ends a plain scalar when a blank follows, and so does a blank when a number sign follows.
const plainValue = '[A-Za-z0-9_/(~\\u00A1-\\uFFFD][^ :]*(?:(?::(?=[^ ])| +(?=[^ #]))[^ :]*)*';

const keyLine = new RegExp(
  `^( *)(${plainKey}|${inQuotes}):(?:( +)(${plainValue}|${inQuotes})?)? *${comment}$`,
);
