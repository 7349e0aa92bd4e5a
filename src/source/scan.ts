/**
 * One pass over a directory: every manifest is looked at, and read where its stamp does not prove that it is
 * what it was. File access is synchronous (ten times faster than promises on a warm cache), in turns that
 * leave the event loop room.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readManifestBytes } from '../desired/manifest-bytes.js';
import type { ManifestFile } from '../desired/manifest.js';
import { sha256 } from './checksums.js';
import { glanceAt, readContent } from './scan-file.js';
import { oversizedFile, shownPath, vanished } from './scan-problems.js';
import { isSettled, sameStamp, type FileStamp } from './scan-stamp.js';
import { listManifests, type Unlisted } from './scan-tree.js';

export interface Known {
  readonly file: ManifestFile;
  readonly digest: string;
  readonly stamp: FileStamp;
  readonly settled: boolean;
}

export interface Scan {
  /** In order. Whoever asked for the scan may replace what is known of a file. */
  readonly known: Map<string, Known>;
  /** Not a regular file that could be read. Nothing of these is kept. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly unlisted: readonly Unlisted[];
}

export const scanOnce = async (
  directory: string,
  before: ReadonlyMap<string, Known>,
  now: () => number,
): Promise<Scan> => {
  const { manifests, unlisted } = listManifests(directory);
  const known = new Map<string, Known>();
  const unreadable = new Map<string, string>();
  let turnBeganMs = now();
  for (const relative of manifests) {
    const look = lookAt(directory, relative, before.get(relative), now);
    if (look._tag === 'Known') known.set(relative, look.known);
    else if (look._tag === 'Unreadable') unreadable.set(relative, look.why);
    if (Math.abs(now() - turnBeganMs) < turnMs) continue;
    await setImmediate();
    turnBeganMs = now();
  }
  return { known, unreadable, unlisted };
};

/** How long the event loop may wait for a scan, but for a single large file. */
const turnMs = 20;

type Look =
  | { readonly _tag: 'Known'; readonly known: Known }
  | { readonly _tag: 'Unreadable'; readonly why: string }
  | { readonly _tag: 'NoFile' };

/** At one file; `before`: what is known of it. */
export const lookAt = (
  directory: string,
  relative: string,
  before: Known | undefined,
  now: () => number,
): Look => {
  const path = join(directory, relative);
  const glance = glanceAt(path);
  if (glance._tag !== 'Regular') return toLook(glance);
  if (before !== undefined && before.settled && sameStamp(before.stamp, glance.stamp))
    return { _tag: 'Known', known: before };
  const readAtMs = now();
  const content = readContent(path);
  const shown = shownPath(directory, relative);
  switch (content._tag) {
    case 'Bytes': {
      const { stamp, bytes } = content;
      const digest = sha256(bytes);
      const file = before?.digest === digest ? before.file : readManifestBytes(shown, bytes);
      return { _tag: 'Known', known: { file, digest, stamp, settled: isSettled(stamp, readAtMs) } };
    }
    case 'TooLarge': {
      const { stamp } = content;
      const digest = `too large: ${stamp.size} ${stamp.modifiedNs}`;
      return {
        _tag: 'Known',
        known: { file: oversizedFile(shown), digest, stamp, settled: isSettled(stamp, readAtMs) },
      };
    }
    case 'Folder':
    case 'Vanished':
    case 'Unreadable':
      return toLook(content);
  }
};

type Unopened = Exclude<ReturnType<typeof glanceAt>, { readonly _tag: 'Regular' }>;

const toLook = (unopened: Unopened): Look => {
  switch (unopened._tag) {
    case 'Folder':
      return { _tag: 'NoFile' };
    case 'Vanished':
      return { _tag: 'Unreadable', why: vanished };
    case 'Unreadable':
      return unopened;
  }
};
