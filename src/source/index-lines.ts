/** What the index keeps of one file, as it stands there. */
import type { ConferenceId } from '../conference/id.js';
import type { ManifestFile } from '../desired/manifest.js';
import { encodeChunks } from './index-cut.js';
import { encodeDeclared, encodeMarked, holdsNoSecret } from './index-declared.js';

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

/**
 * Of a file that is read while nothing is known. They take a fifth of the room of what is declared, of which every
 * piece keeps the whole text in memory that it was cut from. undefined: they do not tell all of it.
 */
export const briefly = (file: ManifestFile): Lines | undefined => {
  if (file.problems.length > 0) return undefined;
  const lines = linesOf(file, () => unknownMark);
  return lines.declared === '' ? undefined : { ...lines, ids: copyOf(lines.ids) };
};

/** Of ASCII. A piece of a text is the text, and all of it stays in memory. */
const copyOf = (ids: string): string => Buffer.from(ids, 'latin1').toString('latin1');

const unknownMark = '?';
