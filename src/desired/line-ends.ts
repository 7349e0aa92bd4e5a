/**
 * How the lines of a manifest end: without blanks, and the last one with one line break. All of them in the way of
 * the first one, for git on Windows gives a checkout the line breaks it has been told to give.
 */
import type { Edit } from './edit.js';
import type { Span } from './finding.js';

/** `kept`: the pieces, in order, in which blanks before a line break can have a meaning. */
export const lineEndEdits = (text: string, kept: readonly Span[]): readonly Edit[] => {
  const end = endOfContent(text, kept.at(-1)?.end ?? 0);
  const edits: Edit[] = [{ start: end, end: text.length, text: lastBreak(text, end) }];
  let next = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    const stop = text[at - 1] === '\r' ? at - 1 : at;
    let start = stop;
    while (text[start - 1] === ' ' || text[start - 1] === '\t') start -= 1;
    while ((kept[next]?.end ?? Infinity) < stop) next += 1;
    if (start < stop && stop < (kept[next]?.start ?? Infinity)) edits.push({ start, end: stop, text: '' });
  }
  return edits;
};

/** A carriage return that belongs to no line break is a character like others, and must not come to belong to one. */
export const withEvenBreaks = (text: string): string =>
  breakOf(text) === '\n' ? text.replace(/(?<!\r)\r\n/g, '\n') : text.replace(/(?<!\r)\n/g, '\r\n');

const breakOf = (text: string): string => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

const lastBreak = (text: string, end: number): string => {
  if (end === 0 || text[end - 1] === '\n') return '';
  return text[end - 1] === '\r' ? '\r\n' : breakOf(text);
};

/** `floor`: what cannot be taken away although it is blank. */
const endOfContent = (text: string, floor: number): number => {
  let end = text.length;
  for (;;) {
    const last = text[end - 1];
    if (end <= floor || (last !== '\n' && last !== ' ' && last !== '\t')) return end;
    end -= last === '\n' && text[end - 2] === '\r' ? 2 : 1;
  }
};
