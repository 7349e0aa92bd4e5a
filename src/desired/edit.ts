/** Changes of a text, each of a piece that no other one touches. Everything else stays, byte for byte. */
import type { Span } from './finding.js';

export interface Edit extends Span {
  readonly text: string;
}

/** In any order; of two insertions at one place, the former comes first. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  const pieces: string[] = [];
  let done = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start || left.end - right.end)) {
    pieces.push(text.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  return [...pieces, text.slice(done)].join('');
};
