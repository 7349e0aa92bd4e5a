/**
 * A manifest of many documents, cut into pieces that can be read one by one. Pure.
 *
 * Law: where every piece is read without a problem, and no conference stands in two of them, the whole declares what
 * the pieces declare, with the lines moved. Where that is not certain, there are no pieces.
 *
 * `---` at the beginning of a line begins a document whatever stands around it (YAML 1.2, 9.1.2), and nothing that is
 * named in one document is known in the next. Directives are another matter, and so is a document that is ended by
 * three dots: they leave the whole as it is.
 */
import { mostLexemes } from './limits.js';

export interface Chunk {
  readonly text: string;
  /** Where it begins in the whole, from 1. */
  readonly line: number;
}

/** undefined: only the whole can be read. */
export const chunksOf = (text: string): readonly Chunk[] | undefined => {
  if (undivided.test(text) || mayHaveTooMany(text)) return undefined;
  const starts = [0, ...[...text.matchAll(begins)].map(({ index }) => index).filter((start) => start > 0)];
  let line = 1;
  return starts.map((start, number) => {
    const piece = { text: text.slice(start, starts[number + 1]), line };
    line += lineBreaks(piece.text);
    return piece;
  });
};

// A carriage return may be a line break of its own; a byte order mark may stand before any document.
const undivided = /[\r\uFEFF\0]|^%|^\.\.\.(?=[ \t\n]|$)/m;
const begins = /^---(?=[ \t\n]|$)/gm;

/** More than there can be: a lexeme begins with a word or with what is in no word, and may bring a mark of its own. */
const mayHaveTooMany = (text: string): boolean => {
  let lexemes = 0;
  let isInWord = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const isWord = isWordCode(text.charCodeAt(offset));
    if (!isWord || !isInWord) lexemes += 2;
    isInWord = isWord;
  }
  return lexemes > mostLexemes;
};

const isWordCode = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

const lineBreaks = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
};
