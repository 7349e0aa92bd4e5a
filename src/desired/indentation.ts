/**
 * Where the lines of a manifest begin: which one has to move, and by how much. It is told what stands in the
 * text in the order of the text, and answers with edits of the blanks in front of lines.
 *
 * A comment belongs to the collection at whose column it stands, among those that are open where it stands. It is
 * moved with that one; which one it was can only be said when it is known what follows.
 */
import type { Edit } from './edit.js';
import type { Span } from './finding.js';

/** A block collection: the column of its keys or hyphens as written, and as it is to be. */
export interface Level {
  readonly written: number;
  readonly wanted: number;
  readonly outer: Level | undefined;
}

export interface Indentation {
  /** What is neither blank nor comment begins at the offset. */
  readonly content: (offset: number, wanted: number, level: Level | undefined) => void;
  readonly comment: (offset: number) => void;
  /** The lines of a text after the one in which it begins. */
  readonly continuation: (offset: number, source: string, wanted: number) => void;
  /** The lines of a block scalar, which keep their distances. `written`, `wanted`: the column of its text. */
  readonly block: (offset: number, source: string, written: number, wanted: number) => void;
  /** Whether nothing but blanks stands before it in its line. */
  readonly beginsLine: (offset: number) => boolean;
  /** The column, as it is to be, at which the line of the last content begins. */
  readonly ofLine: () => number;
  readonly edits: () => readonly Edit[];
  /** The texts in which blanks at the end of a line can have a meaning. */
  readonly kept: () => readonly Span[];
}

export const makeIndentation = (text: string): Indentation => {
  const edits: Edit[] = [];
  const kept: Span[] = [];
  let waiting: Comment[] = [];
  let open: Level | undefined;
  let ofLine = 0;

  const move = (start: number, end: number, wanted: number): void => {
    const blanks = ' '.repeat(wanted);
    if (text.slice(start, end) !== blanks) edits.push({ start, end, text: blanks });
  };

  const settle = (next: Level | undefined): void => {
    for (const { start, offset, before } of waiting)
      move(start, offset, columnFor(offset - start, before, next));
    waiting = [];
  };

  return {
    content: (offset, wanted, level) => {
      const start = lineStart(text, offset);
      if (start !== undefined) {
        settle({ written: offset - start, wanted, outer: undefined });
        move(start, offset, wanted);
        ofLine = wanted;
      }
      open = level;
    },
    comment: (offset) => {
      const start = lineStart(text, offset);
      if (start !== undefined) waiting.push({ start, offset, before: open });
    },
    continuation: (offset, source, wanted) => {
      // A backslash gives the blank after it a meaning.
      if (source.startsWith('"') && source.includes('\n'))
        kept.push({ start: offset, end: offset + source.length });
      for (const line of linesAfterFirst(source)) {
        const start = offset + line.start;
        if (line.blanks < line.length) move(start, start + line.blanks, wanted);
      }
    },
    block: (offset, source, written, wanted) => {
      kept.push({ start: offset, end: offset + source.length });
      for (const { start, spaces, length } of linesOf(source)) {
        const isEmpty = spaces === length && spaces <= written;
        move(offset + start, offset + start + spaces, isEmpty ? 0 : spaces + wanted - written);
      }
    },
    beginsLine: (offset) => lineStart(text, offset) !== undefined,
    ofLine: () => ofLine,
    edits: () => {
      settle(undefined);
      return edits;
    },
    kept: () => kept,
  };
};

interface Comment {
  /** Of its line. */
  readonly start: number;
  readonly offset: number;
  readonly before: Level | undefined;
}

/**
 * The column of the collection that begins next to the comment's own column, or left of it. A list can begin in the
 * column of the key above it: of the two the key counts, unless the list goes on.
 */
const columnFor = (column: number, before: Level | undefined, next: Level | undefined): number => {
  let found: Level | undefined;
  const consider = (level: Level): void => {
    if (level.written <= column && level.written >= (found?.written ?? 0)) found = level;
  };
  for (let level = before; level !== undefined; level = level.outer) consider(level);
  if (next !== undefined) consider(next);
  return found?.wanted ?? 0;
};

/** undefined: something else stands before it. Walks over blanks alone, for a line can be the whole file. */
const lineStart = (text: string, offset: number): number | undefined => {
  let start = offset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start -= 1;
  return start === 0 || text[start - 1] === '\n' ? start : undefined;
};

interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly length: number;
  /** How many it begins with. */
  readonly spaces: number;
  readonly blanks: number;
}

export const linesOf = (source: string): readonly Line[] => {
  let start = 0;
  return source.split('\n').map((withReturn) => {
    const line = withReturn.replace(/\r$/, '');
    const found = {
      start,
      length: line.length,
      spaces: leading(line, / */y),
      blanks: leading(line, /[ \t]*/y),
    };
    start += withReturn.length + 1;
    return found;
  });
};

const linesAfterFirst = (source: string): readonly Line[] =>
  source.includes('\n') ? linesOf(source).slice(1) : [];

const leading = (line: string, pattern: RegExp): number => {
  pattern.lastIndex = 0;
  return pattern.exec(line)?.[0].length ?? 0;
};
