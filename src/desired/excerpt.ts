/**
 * The source line of a problem, as it may be shown. Masking and cutting move characters; the caret follows.
 *
 * Laws: the excerpt never holds a URL's password; `caret + width` lies within the line, or one past its end.
 * The cost of an excerpt does not depend on the length of the line.
 */
import type { Place } from '../conference/place.js';
import { hideSecrets, replaceControls, type Torn } from './hide-secrets.js';
import type { Excerpt } from './problem.js';
import type { SourceText } from './source-text.js';

/** `length`: characters to mark; a mark ends with its line. */
export const excerptAt = (source: SourceText, at: Place, length: number): Excerpt => {
  const { line, caret, torn } = near(source.lineAt(at.line), at.column - 1);
  const marked = hideSecrets(line.slice(caret, caret + Math.max(1, length)));
  const shown = hideSecrets(line, torn);
  return cut(replaceControls(shown), follow({ line, caret, torn }, shown), Math.max(1, marked.length));
};

const widestLine = 160;
const before = 60;
const margin = 500;

interface Pointed {
  readonly line: string;
  readonly caret: number;
  readonly torn: Torn;
}

/**
 * A bounded neighbourhood of the caret. What stands at a cut could be half a URL, whose password masking
 * would not recognise, so it is dropped up to the next blank, quote or bracket.
 */
const near = (line: string, caret: number): Pointed => {
  const start = Math.max(0, caret - margin);
  const end = Math.min(line.length, caret + margin);
  const left = start === 0 ? line.slice(0, caret) : line.slice(start, caret).replace(/^[^\s"',{}[\]]*/, '…');
  const right =
    end === line.length ? line.slice(caret) : line.slice(caret, end).replace(/[^\s"',{}[\]]*$/, '…');
  const torn = { left: start > 0, right: end < line.length };
  return { line: left + right, caret: left.length, torn };
};

/** Where the caret stands after masking: found from the end, as the mask stands before it or not at all. */
const follow = ({ line, caret, torn }: Pointed, shown: string): number => {
  const rest = hideSecrets(line.slice(caret), { left: false, right: torn.right });
  return shown.endsWith(rest) ? shown.length - rest.length : Math.min(caret, shown.length);
};

const cut = (line: string, caret: number, width: number): Excerpt => {
  if (line.length <= widestLine) return { line, caret, width: fit(line, caret, width) };
  const start = Math.max(0, Math.min(caret - before, line.length - widestLine));
  const lead = start === 0 ? '' : '…';
  const tail = start + widestLine >= line.length ? '' : '…';
  const part = replaceControls(`${lead}${line.slice(start, start + widestLine)}${tail}`);
  const moved = caret - start + lead.length;
  return { line: part, caret: moved, width: fit(part, moved, width) };
};

const fit = (line: string, caret: number, width: number): number =>
  Math.max(1, Math.min(width, line.length - caret));
