/** The folders that are being watched, kept equal to a scope. */
import * as O from 'fp-ts/lib/Option.js';
import type * as IO from 'fp-ts/lib/IO.js';
import type * as T from 'fp-ts/lib/Task.js';
import { type FolderEvent, type FolderWatch, vanished, type WatchFolder } from './watch-folder.js';
import type { WatchScope } from './watch-scope.js';

export interface OpenFolders {
  /**
   * Closes what is not in the scope and opens what is missing; a folder that vanished while it was being
   * opened is tried again. True: something changed, so that another comparison is due.
   */
  readonly follow: (scope: WatchScope) => T.Task<boolean>;
  /** Closes the watches that do not work, so that the next `follow` tries them again. */
  readonly dropTroubled: T.Task<void>;
  /** The folders that cannot be watched, by the system's error code. */
  readonly troubled: IO.IO<ReadonlyMap<string, readonly string[]>>;
  /** Nothing is opened any more, also by a `follow` that is under way. */
  readonly close: T.Task<void>;
}

interface OpenFolder {
  readonly identity: string;
  readonly watch: FolderWatch;
}

export const makeOpenFolders = (
  watchFolder: WatchFolder,
  onEvent: (path: string, event: FolderEvent) => void,
): OpenFolders => {
  const open = new Map<string, OpenFolder>();
  let closed = false;

  const closeThose = async (paths: readonly string[]): Promise<void> => {
    const watches = paths.flatMap((path) => open.get(path)?.watch ?? []);
    for (const path of paths) open.delete(path);
    await Promise.all(watches.map((watch) => watch.close()));
  };

  const isVanished = (path: string): boolean => {
    const code = open.get(path)?.watch.trouble() ?? O.none;
    return O.isSome(code) && code.value === vanished;
  };

  const follow = (scope: WatchScope) => async () => {
    const paths = [...open.keys()];
    const lost = new Set(paths.filter(isVanished));
    const stale = paths.filter(
      (path) => lost.has(path) || scope.get(path)?.identity !== open.get(path)?.identity,
    );
    await closeThose(stale);
    const missing = [...scope].filter(([path]) => !open.has(path));
    for (const [path, { identity }] of missing) {
      if (closed) return false;
      const watch = watchFolder(path, (event) => {
        onEvent(path, event);
      });
      open.set(path, { identity, watch });
      await watch.opened();
    }
    // What was lost and still is must not count, or this would go on for ever.
    return [...stale, ...missing.map(([path]) => path)].some((path) => !lost.has(path) || !isVanished(path));
  };

  const troubled = () => {
    const byCode = new Map<string, string[]>();
    for (const [path, { watch }] of open) {
      const code = O.toUndefined(watch.trouble());
      if (code === undefined) continue;
      const paths = byCode.get(code) ?? [];
      paths.push(path);
      byCode.set(code, paths);
    }
    return byCode;
  };

  return {
    follow,
    troubled,
    dropTroubled: () => closeThose([...troubled().values()].flat()),
    close: () => {
      closed = true;
      return closeThose([...open.keys()]);
    },
  };
};
