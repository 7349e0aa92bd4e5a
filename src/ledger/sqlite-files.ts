/**
 * The state's file and folder, before SQLite sees them.
 *
 * Nothing here opens a file that may be a database: closing a descriptor drops every POSIX lock this process
 * has on the file, those of its other SQLite connections too (sqlite.org/howtocorrupt.html, 2.2). Looking is
 * done with `stat`, and only a file that does not exist is created.
 */
import * as fs from 'node:fs';
import * as nodePath from 'node:path';

type FileState =
  /** Not there, or without content: a state that has not begun. */
  | { readonly _tag: 'Absent' }
  | { readonly _tag: 'Empty' }
  | { readonly _tag: 'Filled' }
  | { readonly _tag: 'NoDatabase'; readonly detail: string };

export const lookAt = (path: string): FileState => {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { _tag: 'Absent' };
  if (stats.isDirectory()) return { _tag: 'NoDatabase', detail: 'it is a directory' };
  if (!stats.isFile()) return { _tag: 'NoDatabase', detail: 'it is not a regular file' };
  if (stats.size === 0) return { _tag: 'Empty' };
  // SQLite takes a file that is smaller than its smallest page for an empty one, and would overwrite it.
  return stats.size < smallestPageBytes
    ? { _tag: 'NoDatabase', detail: 'it is not a SQLite database' }
    : { _tag: 'Filled' };
};

/** Makes the folder (0700) and the file (0600), whatever the umask. SQLite gives `-wal` and `-shm` the file's mode. */
export const createFile = (path: string): void => {
  const folder = nodePath.dirname(path);
  if (fs.mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) fs.chmodSync(folder, 0o700);
  fs.closeSync(fs.openSync(path, 'a', 0o600));
  fs.chmodSync(path, 0o600);
};

/** Takes everybody else's permissions from files that are already there. */
export const restrictFiles = (path: string): void => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && (stats.mode & 0o777) !== 0o600) fs.chmodSync(file, 0o600);
  }
};

/** Whether the database file alone is the whole state: no log or journal waits to be worked in. */
export const isSettled = (path: string): boolean =>
  [`${path}-wal`, `${path}-journal`].every(
    (file) => (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0,
  );

const smallestPageBytes = 512;

/** Tells this file from another one that takes its place; empty when there is none. */
export const identityOf = (file: string): string => {
  const found = fs.statSync(file, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
};
