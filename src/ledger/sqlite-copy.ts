/**
 * A copy of a state that cannot be worked in where it is: a killed writer left a log or a journal, and this process
 * may not write beside it. SQLite does in the copy what it would have done there, and what was written last is read.
 *
 * Only for a state that no process has open: whoever has it open shares a file with us, and needs no copy.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as nodePath from 'node:path';
import type { IO } from 'fp-ts/lib/IO.js';

export interface StateCopy {
  readonly file: string;
  readonly remove: IO<void>;
}

/** undefined: somebody writes the state, again and again, while it is copied. */
export const copyState = (file: string): StateCopy | undefined => {
  const folder = fs.mkdtempSync(nodePath.join(tmpdir(), 'holdfast-copy-'));
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true });
  try {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const copied = nodePath.join(folder, String(tries), nodePath.basename(file));
      const before = stampOf(file);
      copyParts(file, copied);
      if (stampOf(file) === before) return { file: copied, remove };
    }
    remove();
    return undefined;
  } catch (error) {
    remove();
    throw error;
  }
};

const mostTries = 3;

/** What the state consists of; the file for sharing it is made anew. */
const parts = ['', '-wal', '-journal'];

const copyParts = (from: string, to: string): void => {
  fs.mkdirSync(nodePath.dirname(to));
  for (const part of parts) {
    if (!fs.existsSync(`${from}${part}`)) continue;
    fs.copyFileSync(`${from}${part}`, `${to}${part}`);
    fs.chmodSync(`${to}${part}`, 0o600);
  }
};

const stampOf = (file: string): string =>
  parts
    .map((part) => {
      const found = fs.statSync(`${file}${part}`, { throwIfNoEntry: false, bigint: true });
      return found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeNs}`;
    })
    .join(' ');
