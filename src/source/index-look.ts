/**
 * A look at a directory that knows an earlier one: one `stat` a file, and only what may have changed is read,
 * only what has changed is parsed. The parser itself is loaded with the first such file.
 *
 * Law: what is found is what `makeDirectorySource` finds, whatever the index says of a file that has changed.
 */
import { setImmediate } from 'node:timers/promises';
import { tooLarge } from '../desired/broken-file.js';
import type { ConferenceId } from '../conference/id.js';
import type { ManifestFile } from '../desired/manifest.js';
import { nextSha256 } from './checksums.js';
import { smallestCut } from './index-cut.js';
import { decodeMarked } from './index-declared.js';
import type { Index } from './index-format.js';
import { briefly, type BriefLines } from './index-lines.js';
import { makeTextKeeper, type KeptText } from './kept-text.js';
import { readBytes } from './read-bytes.js';
import { glanceAt, readContent } from './scan-file.js';
import { shownBelow, vanished } from './scan-problems.js';
import { isSettled, type FileStamp } from './scan-stamp.js';
import { listManifests } from './scan-tree.js';
import { hasVanished, mostLooks, type Unseen } from './to-observation.js';

/** A file as it is now. */
export interface FileRead {
  readonly digest: string;
  /** Its position in the stamps of the look. */
  readonly stamp: number;
  readonly settled: boolean;
  readonly content: Content;
}

export type Content =
  /** What the entry of the index at this position says. */
  | { readonly _tag: 'Known'; readonly position: number }
  | Parsed
  /** As much as the index would know of it. */
  | ({ readonly _tag: 'Brief' } & BriefLines);

export interface Parsed {
  readonly _tag: 'Parsed';
  readonly file: ManifestFile;
  /** What was known of conferences whose declaration is as it was, but for its lines: their marks. */
  readonly reused: ReadonlyMap<ConferenceId, string>;
}

export interface IndexLook extends Unseen {
  readonly directory: string;
  /** Positions in the index of the files whose stamp proves that nothing changed. */
  readonly kept: Int32Array;
  /** The others, by their path below the directory. */
  readonly read: ReadonlyMap<string, FileRead>;
  /** Of what was read, as `Index` has them. */
  readonly stamps: BigInt64Array;
}

/** How much is kept in memory of a file that was parsed. `brief`: no text, which only the telling of problems needs. */
export type Keep = 'brief' | 'all';

export const lookWithIndex = async (
  directory: string,
  index: Index | undefined,
  now: () => number,
  keep: Keep,
): Promise<IndexLook> => {
  for (let look = 1; ; look += 1) {
    const keepText = keep === 'brief' ? makeTextKeeper() : undefined;
    const found = await lookOnce({ directory, index, now, keepText });
    if (look === mostLooks || !hasVanished(found)) return found;
  }
};

interface Asked {
  readonly directory: string;
  readonly index: Index | undefined;
  readonly now: () => number;
  /** undefined: all is kept. */
  readonly keepText: ((text: string) => KeptText) | undefined;
}

const lookOnce = async (asked: Asked): Promise<IndexLook> => {
  const { directory, index, now } = asked;
  const shownAs = shownBelow(directory);
  const { manifests, doubtful, unlisted } = listManifests(directory);
  const kept = new Int32Array(Math.min(manifests.length, index?.entries ?? 0));
  const read = new Map<string, FileRead>();
  const stamps = new BigInt64Array(manifests.length * stampFields);
  const unreadable = new Map<string, string>();
  const paths = index?.paths ?? [];
  const base = directory === '' ? '.' : directory;
  let keptCount = 0;
  let next = 0;
  let turnBeganMs = now();
  for (const relative of manifests) {
    // Both are sorted.
    while (next < paths.length && (paths[next] ?? '') < relative) next += 1;
    const position = paths[next] === relative ? next : undefined;
    const path = `${base}/${relative}`;
    const isNew = index === undefined || position === undefined;
    // What the index does not know is opened in any case.
    const glance = isNew && !doubtful.has(relative) ? ({ _tag: 'Regular' } as const) : glanceAt(path);
    if (!isNew && 'stamp' in glance) {
      if (index.settled[position] === 1 && isStampAt(index.stamps, position, glance.stamp)) {
        kept[keptCount] = position;
        keptCount += 1;
        continue;
      }
    }
    if (glance._tag === 'Regular') {
      const found = await readFile(asked, shownAs(relative), path, position, read.size);
      if (typeof found === 'string') unreadable.set(relative, found);
      else if (found !== undefined) {
        const { digest, settled, content } = found;
        putStamp(stamps, read.size, found.stamp);
        read.set(relative, { digest, settled, content, stamp: read.size });
      }
    } else if (glance._tag !== 'Folder') {
      unreadable.set(relative, glance._tag === 'Vanished' ? vanished : glance.why);
    }
    if (Math.abs(now() - turnBeganMs) < turnMs) continue;
    await setImmediate();
    turnBeganMs = now();
  }
  return { directory, kept: kept.subarray(0, keptCount), read, stamps, unreadable, unlisted };
};

/** So that signals are heard. */
const turnMs = 50;

/** Numbers that a stamp is kept as. */
export const stampFields = 5;

const isStampAt = (stamps: BigInt64Array, position: number, stamp: FileStamp): boolean => {
  const start = position * stampFields;
  return (
    stamps[start + 4] === stamp.changedNs &&
    stamps[start + 3] === stamp.modifiedNs &&
    stamps[start + 2] === stamp.size &&
    stamps[start + 1] === BigInt.asIntN(64, stamp.inode) &&
    stamps[start] === BigInt.asIntN(64, stamp.device)
  );
};

/** Where `isStampAt` will look. */
const putStamp = (stamps: BigInt64Array, position: number, stamp: FileStamp): void => {
  const start = position * stampFields;
  stamps[start] = stamp.device;
  stamps[start + 1] = stamp.inode;
  stamps[start + 2] = stamp.size;
  stamps[start + 3] = stamp.modifiedNs;
  stamps[start + 4] = stamp.changedNs;
};

interface Found extends Omit<FileRead, 'stamp'> {
  readonly stamp: FileStamp;
}

/** A text: why it cannot be read. undefined: it is no file any more. */
const readFile = async (
  { index, now, keepText }: Asked,
  shown: string,
  path: string,
  position: number | undefined,
  before: number,
): Promise<Found | string | undefined> => {
  const readAtMs = now();
  const content = readContent(path);
  switch (content._tag) {
    case 'Bytes': {
      const { stamp, bytes } = content;
      const digest = nextSha256(bytes, before);
      const settled = isSettled(stamp, readAtMs);
      if (index !== undefined && position !== undefined && digestAt(index, position) === digest)
        return { digest, stamp, settled, content: { _tag: 'Known', position } };
      const again =
        index !== undefined && position !== undefined && bytes.length >= smallestCut
          ? await readAgain(shown, bytes, index, position)
          : undefined;
      if (again !== undefined) return { digest, stamp, settled, content: again };
      return { digest, stamp, settled, content: parsed(await readBytes(shown, bytes), keepText) };
    }
    case 'TooLarge': {
      const { stamp } = content;
      const digest = `too large: ${stamp.size} ${stamp.modifiedNs}`;
      const file = tooLarge(shown);
      return { digest, stamp, settled: false, content: parsed(file, keepText) };
    }
    case 'Folder':
      return undefined;
    case 'Vanished':
      return vanished;
    case 'Unreadable':
      return content.why;
  }
};

const parsed = (file: ManifestFile, keepText: Asked['keepText']): Content => {
  const lines = keepText === undefined ? undefined : briefly(file, keepText);
  return lines === undefined ? { _tag: 'Parsed', file, reused: nobody } : { _tag: 'Brief', ...lines };
};

const nobody: Parsed['reused'] = new Map();

const readAgain = async (
  path: string,
  bytes: Uint8Array,
  index: Index,
  position: number,
): Promise<Content | undefined> => {
  const rest = index.rest();
  if (rest === undefined) return undefined;
  const { readByChunks } = await import('./index-chunks.js');
  const again = await readByChunks(path, bytes, rest.chunks[position] ?? '', rest.declared[position] ?? '');
  if (again === undefined) return undefined;
  const marks = new Map(decodeMarked(rest.ids[position] ?? '').map(({ id, mark }) => [id, mark]));
  const reused = new Map(again.reused.map((id) => [id, marks.get(id) ?? '']));
  return { _tag: 'Parsed', file: again.file, reused };
};

const digestLength = 64;

export const digestAt = ({ digests }: Index, position: number): string =>
  digests.slice(position * digestLength, (position + 1) * digestLength);
