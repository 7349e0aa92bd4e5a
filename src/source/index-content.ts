/** What a look with an index found, put together as far as somebody needs it. */
import { join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import type { ManifestFile } from '../desired/manifest.js';
import { sha256 } from './checksums.js';
import { decodeDeclared } from './index-declared.js';
import type { Index, IndexRest } from './index-format.js';
import { digestAt, type IndexLook } from './index-look.js';
import { textOf } from './kept-text.js';
import { readBytes } from './read-bytes.js';
import { readContent } from './scan-file.js';
import { shownBelow, shownPath } from './scan-problems.js';
import { revisionOf, type Found } from './to-observation.js';

/** An index with all of its columns. */
export interface WholeIndex {
  readonly index: Index;
  readonly rest: IndexRest;
}

/** Every file. undefined: the index cannot tell, or a file changed meanwhile. */
export const everythingIn = async (
  look: IndexLook,
  whole: WholeIndex | undefined,
): Promise<Found | undefined> => {
  const known = new Map<string, { readonly file: ManifestFile; readonly digest: string }>();
  const isAll = await visitFiles(look, whole, (relative, digest, file) =>
    known.set(relative, { file, digest }),
  );
  return isAll ? { known, unreadable: look.unreadable, unlisted: look.unlisted } : undefined;
};

/** Every file that could be read, one after the other, so that not all have to be in memory. false: not all of them. */
export const visitFiles = async (
  look: IndexLook,
  whole: WholeIndex | undefined,
  visit: (relative: string, digest: string, file: ManifestFile) => void,
): Promise<boolean> => {
  const shownAs = shownBelow(look.directory);
  for (const [relative, { content, digest }] of look.read) {
    if (content._tag === 'Known') continue;
    const file =
      content._tag === 'Parsed' ? content.file : decoded(shownAs(relative), textOf(content.declared));
    if (file === undefined) return false;
    visit(relative, digest, file);
  }
  if (whole === undefined) return true;
  for (const position of knownPositions(look)) {
    const file = await fileAt(look.directory, whole, position);
    const relative = whole.index.paths[position];
    if (file === undefined || relative === undefined) return false;
    visit(relative, digestAt(whole.index, position), file);
  }
  return true;
};

/** Of the entries whose files are as they were. */
export const knownPositions = ({ kept, read }: IndexLook): readonly number[] => {
  const positions = [...kept];
  for (const { content } of read.values()) if (content._tag === 'Known') positions.push(content.position);
  return positions;
};

/** A file as the index knows it; one with a secret is read again. It knows no text of its own. */
export const fileAt = async (
  directory: string,
  { index, rest }: WholeIndex,
  position: number,
): Promise<ManifestFile | undefined> => {
  const relative = index.paths[position] ?? '';
  const line = rest.declared[position] ?? '';
  const path = shownPath(directory, relative);
  if (line !== '') return decoded(path, line);
  const content = readContent(join(directory, relative));
  if (content._tag !== 'Bytes' || sha256(content.bytes) !== digestAt(index, position)) return undefined;
  return readBytes(path, content.bytes);
};

const decoded = (path: string, line: string): ManifestFile | undefined => {
  const declared = decodeDeclared(path, line);
  return O.isSome(declared) ? { path, declared: declared.value, problems: [] } : undefined;
};

/** As `toObservation` would tell it, where everything could be read. */
export const revisionSeen = (look: IndexLook, index: Index | undefined): string => {
  const { kept, read } = look;
  if (index !== undefined && index.revision !== '' && kept.length === index.entries && read.size === 0)
    return index.revision;
  const lines = [...read].map(([relative, { digest }]) => ({ relative, digest }));
  if (index === undefined) return revisionOf(lines);
  // Both are in order.
  const all: { readonly relative: string; readonly digest: string }[] = [];
  let next = 0;
  for (const position of kept) {
    const relative = index.paths[position] ?? '';
    for (let line = lines[next]; line !== undefined && line.relative < relative; line = lines[next]) {
      all.push(line);
      next += 1;
    }
    all.push({ relative, digest: digestAt(index, position) });
  }
  return revisionOf([...all, ...lines.slice(next)]);
};
