/** What the index keeps of one file, as it stands there. */
import type { ConferenceId } from '../conference/id.js';
import type { ManifestFile } from '../desired/manifest.js';
import { encodeChunks } from './index-cut.js';
import { encodeDeclared, encodeMarked, holdsNoSecret } from './index-declared.js';
import type { KeptText } from './kept-text.js';

export interface Lines {
  /** The ids it declares, each behind a mark of one character (`src/plan/quiet.ts`), with blanks between. */
  readonly ids: string;
  /** `encodeDeclared`; empty: it holds a secret, and has to be read again when it is needed. */
  readonly declared: string;
  /** `encodeChunks`; empty: it is read as a whole. */
  readonly chunks: string;
}

export const linesOf = (
  { declared, seen }: ManifestFile,
  markOf: (conference: ConferenceId) => string,
): Lines => {
  const isOpen = holdsNoSecret(declared);
  return {
    ids: encodeMarked(declared.map(({ id }) => ({ mark: markOf(id), id }))),
    declared: isOpen ? encodeDeclared(declared) : '',
    chunks: isOpen && seen !== undefined ? encodeChunks(seen.text, declared) : '',
  };
};

/** `Lines` of a file that was read while nothing was known; it is read as a whole. */
export interface BriefLines {
  readonly ids: KeptText;
  readonly declared: KeptText;
}

/**
 * They take a fifth of the room of what is declared, of which every piece keeps the whole text in memory that it was
 * cut from. undefined: they do not tell all of the file.
 */
export const briefly = (file: ManifestFile, keep: (text: string) => KeptText): BriefLines | undefined => {
  if (file.problems.length > 0) return undefined;
  const { ids, declared, chunks } = linesOf(file, () => unknownMark);
  return declared === '' || chunks !== '' ? undefined : { ids: keep(ids), declared: keep(declared) };
};

const unknownMark = '?';
