/**
 * A manifest's text and where its lines begin, so that an offset becomes line and column.
 * Lines and columns count from 1; columns are UTF-16 code units, as editors count them.
 */
import type { Place } from '../conference/place.js';

export interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
  /** The text of a line without its line break; empty when there is no such line. */
  readonly lineAt: (line: number) => string;
}

export const makeSourceText = (path: string, text: string): SourceText => {
  const starts = lineStarts(text);
  return {
    path,
    text,
    placeAt: (offset) => {
      const line = lineOf(starts, offset);
      return { path, line, column: offset - (starts[line - 1] ?? 0) + 1 };
    },
    lineAt: (line) => withoutBreak(text, starts[line - 1] ?? text.length, starts[line] ?? text.length),
  };
};

/** In constant time: a line can be the whole file, and be asked for with each of its problems. */
const withoutBreak = (text: string, start: number, end: number): string => {
  const stop = text[end - 1] === '\n' ? end - 1 : end;
  return text.slice(start, stop < end && text[stop - 1] === '\r' ? stop - 1 : stop);
};

const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** How many lines begin at or before the offset. */
const lineOf = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
};
