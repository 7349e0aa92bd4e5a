/** A large file of which a part has changed: only that part is parsed. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { chunksOf } from '../desired/chunks.js';
import type { Declared, DeclaredSetting } from '../desired/desired.js';
import type { ManifestFile } from '../desired/manifest.js';
import { decodeChunks, digestOf } from './index-cut.js';
import { decodeDeclared } from './index-declared.js';
import { readText } from './read-bytes.js';

export interface ReadAgain {
  readonly file: ManifestFile;
  /** What stands in pieces that have not changed. */
  readonly reused: readonly ConferenceId[];
}

/** undefined: read the whole. */
export const readByChunks = async (
  path: string,
  bytes: Uint8Array,
  knownChunks: string,
  knownDeclared: string,
): Promise<ReadAgain | undefined> => {
  const text = knownChunks === '' || knownDeclared === '' ? undefined : decode(bytes);
  const chunks = text === undefined ? undefined : chunksOf(text);
  const before = decodeDeclared(path, knownDeclared);
  if (text === undefined || chunks === undefined || O.isNone(before)) return undefined;
  const known = decodeChunks(knownChunks, before.value);
  const declared: Declared[] = [];
  const reused: ConferenceId[] = [];
  for (const chunk of chunks) {
    const same = known.get(digestOf(chunk.text));
    const read = same === undefined ? await readText(path, chunk.text) : undefined;
    if (read !== undefined && read.problems.length > 0) return undefined;
    const moved = (same?.declared ?? read?.declared ?? []).map(moveBy(chunk.line - (same?.line ?? 1)));
    declared.push(...moved);
    if (same !== undefined) reused.push(...moved.map(({ id }) => id));
  }
  const ids = declared.map(({ id, at }) => ({ id, at }));
  if (new Set(ids.map(({ id }) => id)).size < ids.length) return undefined;
  return { file: { path, declared, problems: [], seen: { text, ids } }, reused };
};

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
};

const moveBy =
  (lines: number) =>
  (declared: Declared): Declared => {
    if (lines === 0) return declared;
    const settings: Record<string, DeclaredSetting> = {};
    for (const [name, setting] of Object.entries(declared.settings))
      settings[name] = { ...setting, at: { ...setting.at, line: setting.at.line + lines } };
    return { ...declared, at: { ...declared.at, line: declared.at.line + lines }, settings };
  };
