/**
 * One folder, watched through chokidar, without the folders below it.
 *
 * Why not one chokidar over the whole tree: it knows folders by name, so a folder that was deleted and made
 * again, or renamed away and replaced, is never watched again; and it says that a new folder is there
 * before it watches it, so what is written in between is lost without a word. Over a single folder `ready`
 * means what we need: from now on every event is seen.
 *
 * Only `raw` is listened to: it comes straight from the system. chokidar's own events are throttled and drop
 * the last of two quick saves.
 */
import { resolve } from 'node:path';
import { FSWatcher } from 'chokidar';
import * as O from 'fp-ts/lib/Option.js';
import type * as IO from 'fp-ts/lib/IO.js';
import type * as T from 'fp-ts/lib/Task.js';

/**
 * Something happened to the entry of this name, or to the folder itself: then it is the folder's own name.
 * None where the system does not say. What happened is left out: systems differ, and a look tells.
 */
export type FolderEvent = O.Option<string>;

export interface FolderWatch {
  /** Ends when every later event will be seen, or when that is known to be impossible. Never rejects. */
  readonly opened: T.Task<void>;
  /** The system's error code when the folder cannot be watched (any more), such as `ENOSPC`. */
  readonly trouble: IO.IO<O.Option<string>>;
  /** No event follows. Never rejects. */
  readonly close: T.Task<void>;
}

export type WatchFolder = (folder: string, onEvent: (event: FolderEvent) => void) => FolderWatch;

/** The trouble of a folder that was not there while it was being opened. */
export const vanished = 'ENOENT';

/** chokidar never gets ready when reading the folder fails in an unusual way: do not wait for ever. */
const openTimeoutMs = 5_000;

export const watchFolder: WatchFolder = (folder, onEvent) => {
  let trouble: O.Option<string> = O.none;
  const watcher = new FSWatcher({
    depth: 0,
    ignored: (path) => resolve(path) !== folder,
    ignoreInitial: true,
    atomic: false,
  });
  watcher._readdirp = readNothing;
  watcher.on('raw', (_kind, name: unknown) => {
    onEvent(typeof name === 'string' ? O.some(name) : O.none);
  });
  let settle = (): void => undefined;
  const opened = new Promise<void>((done) => {
    const timer = setTimeout(done, openTimeoutMs);
    settle = () => {
      clearTimeout(timer);
      done();
    };
  });
  watcher.on('ready', () => {
    // chokidar says ready, and nothing else, also when the folder vanished meanwhile. Only its closers tell:
    // there is one for each watch.
    if (watcher._closers.size === 0 && O.isNone(trouble)) trouble = O.some(vanished);
    settle();
  });
  watcher.on('error', (error) => {
    trouble = O.some(errorCode(error));
    settle();
  });
  watcher.add(folder);
  const close = async () => {
    await watcher.close().catch(() => undefined);
    // chokidar took its listeners off; an error that arrives now must not end the process.
    watcher.on('error', () => undefined);
    settle();
  };
  return { opened: () => opened, trouble: () => trouble, close };
};

/**
 * At every event chokidar lists the folder and asks for the status of each entry, all of which we ignore. In a folder
 * of thousands of files that costs more than everything else the daemon does.
 */
const readNothing = (): undefined => undefined;

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
