/**
 * A manifest of the ordinary kind without a problem: most of them, most of the time. Nothing here loads `yaml`, so
 * that a run in which every file is of this kind does without.
 *
 * Law: a file that is read here is read by `yaml` into the same, with every place in it.
 */
import { largestManifestBytes } from './broken-file.js';
import { manifestSource, readParsed, type ManifestFile, type ParsedDocument } from './manifest.js';
import { ordinaryDocuments } from './ordinary.js';
import type { SourceText } from './source-text.js';
import type { Tree } from './tree.js';

/** undefined: something in it is unusual or wrong, and `readManifestBytes` is to tell what it is. */
export const readOrdinaryBytes = (path: string, bytes: Uint8Array): ManifestFile | undefined => {
  const text = bytes.length > largestManifestBytes ? undefined : decode(bytes);
  return text === undefined ? undefined : readOrdinary(manifestSource(path, text));
};

/** The same of a text. */
export const readOrdinary = (source: SourceText): ManifestFile | undefined => {
  const roots = ordinaryDocuments(source.text);
  const file = roots === undefined ? undefined : readParsed(source, roots.map(undamaged));
  return file?.problems.length === 0 ? file : undefined;
};

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
};

const undamaged = (root: Tree): ParsedDocument => ({ root, findings: [], damaged: noLines });

const noLines: ReadonlySet<number> = new Set();
