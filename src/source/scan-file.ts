/**
 * One file: its stamp, and its bytes when they have to be looked at. Nothing here waits: a pipe or a device
 * under a manifest's name is not opened, and one that takes a file's place in between does not block.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import { largestManifestBytes } from '../desired/broken-file.js';
import { reason } from './scan-problems.js';
import type { FileStamp } from './scan-stamp.js';
import { errorCode } from './scan-error.js';

export type Glance =
  | { readonly _tag: 'Regular'; readonly stamp: FileStamp }
  /** A symbolic link to a folder. */
  | { readonly _tag: 'Folder' }
  /** It was listed and is not there: look again. */
  | { readonly _tag: 'Vanished' }
  | { readonly _tag: 'Unreadable'; readonly why: string };

export type Content =
  | { readonly _tag: 'Bytes'; readonly bytes: Uint8Array; readonly stamp: FileStamp }
  | { readonly _tag: 'TooLarge'; readonly stamp: FileStamp }
  | Exclude<Glance, { readonly _tag: 'Regular' }>;

/** Without opening it. */
export const glanceAt = (path: string): Glance => {
  try {
    return classify(statSync(path, { bigint: true }));
  } catch (error) {
    return missing(path, errorCode(error));
  }
};

export const readContent = (path: string): Content => {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readOpen(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return missing(path, errorCode(error));
  }
};

/** The stamp is taken before the bytes: a later change can only make it look older than it is. */
const readOpen = (descriptor: number): Content => {
  const glance = classify(fstatSync(descriptor, { bigint: true }));
  if (glance._tag !== 'Regular') return glance;
  const { stamp } = glance;
  if (stamp.size > BigInt(largestManifestBytes)) return { _tag: 'TooLarge', stamp };
  return { _tag: 'Bytes', bytes: readAll(descriptor, Number(stamp.size)), stamp };
};

/** `readFileSync` asks for the size once more. A file that tells none may hold something all the same. */
const readAll = (descriptor: number, size: number): Uint8Array => {
  if (size === 0) return readFileSync(descriptor);
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const count = readSync(descriptor, bytes, done, size - done, null);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
};

const classify = (stats: BigIntStats): Glance => {
  if (stats.isDirectory()) return { _tag: 'Folder' };
  if (stats.isFIFO()) return { _tag: 'Unreadable', why: 'it is a pipe' };
  if (stats.isSocket()) return { _tag: 'Unreadable', why: 'it is a socket' };
  if (!stats.isFile()) return { _tag: 'Unreadable', why: 'it is a device' };
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  return {
    _tag: 'Regular',
    stamp: { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs },
  };
};

/** A link that leads nowhere stays; a file that is gone may be about to come back under its name. */
const missing = (path: string, code: string): Glance & Content => {
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return { _tag: 'Unreadable', why: reason(code) };
  const itself = E.tryCatch(() => lstatSync(path), errorCode);
  return E.isRight(itself) && itself.right.isSymbolicLink()
    ? { _tag: 'Unreadable', why: 'the symbolic link leads nowhere' }
    : { _tag: 'Vanished' };
};
