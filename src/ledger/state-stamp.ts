/**
 * Whether a state is what it was, without opening it: SQLite changes its content by writing the database or the
 * log beside it. As with manifests, files that were just written prove nothing.
 */
import * as fs from 'node:fs';
import * as nodePath from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import type { StateLocation } from './sqlite-location.js';

/** none: the content may change without the files doing so. Taken before the content is read. */
export const stateStamp = ({ path }: StateLocation, nowMs: number): O.Option<string> => {
  try {
    const file = realPathOf(nodePath.resolve(path));
    // While a journal lies there, its removal is the commit.
    if (sizeOf(`${file}-journal`) > 0) return O.none;
    const parts = [file, `${file}-wal`].map((part) => stampOf(part, nowMs));
    return parts.includes('') ? O.none : O.some(parts.join(' '));
  } catch {
    return O.none;
  }
};

/** SQLite keeps log and journal beside the file that a link leads to. */
const realPathOf = (path: string): string =>
  fs.statSync(path, { throwIfNoEntry: false }) === undefined ? path : fs.realpathSync(path);

const sizeOf = (path: string): number => fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Empty: too young. A log without content is as good as none: readers make and remove it. */
const stampOf = (path: string, nowMs: number): string => {
  const stats = fs.statSync(path, { throwIfNoEntry: false, bigint: true });
  if (stats === undefined || stats.size === 0n) return '-';
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const newestNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  const isSettled = BigInt(Math.floor(nowMs)) * 1_000_000n - newestNs > coarsestTickNs;
  return isSettled ? [dev, ino, size, mtimeNs, ctimeNs].join(':') : '';
};

/** As in `source/scan-stamp.ts`, which knows why. */
const coarsestTickNs = 3_000_000_000n;
