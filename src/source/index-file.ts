/**
 * The index on disk. It is never worth a failure: what cannot be read is not there, what cannot be written is
 * not written.
 */
import {
  closeSync,
  existsSync,
  fchmodSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import {
  decodeIndex,
  encodeIndex,
  type Index,
  type IndexColumns,
  type IndexHead,
  type RestToWrite,
} from './index-format.js';

export interface OpenIndex {
  /** undefined: there is none that can be used. */
  readonly index: Index | undefined;
  readonly close: () => void;
}

export const openIndex = (path: string, version: string): OpenIndex => {
  const descriptor = quietly(() => openSync(path, 'r'));
  if (descriptor === undefined) return { index: undefined, close: () => undefined };
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  };
  return {
    index: quietly(() => decodeIndex(version, read)),
    close: () => closeSync(descriptor),
  };
};

/** Whole or not at all, for the owner alone. Makes no folder: where there is no state, nothing is left behind. */
export const writeIndex = (
  path: string,
  version: string,
  head: IndexHead,
  columns: IndexColumns,
  rest: RestToWrite,
): void => {
  if (!existsSync(dirname(path))) return;
  const unfinished = `${path}.${process.pid}.tmp`;
  const written = quietly(() => {
    const descriptor = openSync(unfinished, 'wx', 0o600);
    try {
      fchmodSync(descriptor, 0o600);
      for (const piece of encodeIndex(version, head, columns, rest))
        if (writeSync(descriptor, piece) !== piece.length) return false;
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, path);
    return true;
  });
  if (written !== true) quietly(() => rmSync(unfinished, { force: true }));
};

const quietly = <A>(work: () => A): A | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};
