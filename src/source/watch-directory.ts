/**
 * Says "look again" whenever something changed at or below a directory.
 *
 * A hint is never truth: it names an entry at most, which may be as it was, and one change gives several hints.
 * What is promised is the other direction: after the last change there is one more hint, so whoever looks
 * at every hint has seen the last state. Exceptions: what `watch-scope.ts` names, what an overflow of the
 * kernel's queue swallows, and folders for which the system grants no watch (`onError` says so). Hence the
 * caller's rescan.
 *
 * How: the scope (which folders) is compared with the open watches, and these are opened and closed until
 * both agree. Whenever that changed something, a hint and another comparison follow, for what happened
 * while a watch was not open. That also covers the directory itself being deleted, made again, renamed or
 * missing at the start: its identity is checked once a second, because no event can tell of a folder that
 * is not there.
 */
import { join, resolve } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { type FolderEvent, vanished, type WatchFolder, watchFolder } from './watch-folder.js';
import { makeOpenFolders } from './watch-open-folders.js';
import { changesScope, concerns, folderIdentity, type WatchScope, watchScope } from './watch-scope.js';
import { singleFlight } from './single-flight.js';
import { watchTrouble } from './watch-trouble.js';

export interface DirectoryWatch {
  /** No hint follows. Never rejects. */
  readonly close: T.Task<void>;
}

/**
 * Ends when everything that is there is watched. Never rejects: a missing directory is waited for.
 * `onError` gets a sentence for people, once for each kind of trouble until it has passed.
 */
export type WatchDirectory = (
  directory: string,
  /** The path of an entry; none: anything may have changed. */
  onHint: (path: O.Option<string>) => void,
  onError: (message: string) => void,
) => T.Task<DirectoryWatch>;

const rootCheckMs = 1_000;
/** Every sixtieth check compares all folders and tries those again that could not be watched. */
const checksPerRepair = 60;

export const watchDirectoryThrough =
  (openFolder: WatchFolder): WatchDirectory =>
  (directory, onHint, onError) =>
  async () => {
    const root = resolve(directory);
    let scope: WatchScope = new Map();
    let closed = false;

    const hint = (path: O.Option<string>): void => {
      if (!closed) onHint(path);
    };
    const notice = async (path: string, event: FolderEvent): Promise<void> => {
      const folder = scope.get(path);
      if (folder === undefined || !concerns(path, folder, event)) return;
      hint(O.map((name: string) => join(path, name))(event));
      if (await changesScope(scope, path, event)()) comparison.request();
    };
    const folders = makeOpenFolders(openFolder, (path, event) => {
      void notice(path, event);
    });
    const report = reportOnce((message) => {
      if (!closed) onError(message);
    });
    const comparison = singleFlight(async () => {
      if (closed) return;
      scope = await watchScope(root)();
      const changed = await folders.follow(scope)();
      if (changed) {
        hint(O.none);
        comparison.request();
      } else {
        report(folders.troubled());
      }
    });

    let checks = 0;
    let lastIdentity: string | undefined;
    const check = singleFlight(async () => {
      checks += 1;
      const repair = checks % checksPerRepair === 0;
      const identity = O.toUndefined(await folderIdentity(root)());
      // Compared with the last check, not only with the scope: the directory may have come and gone between.
      if (identity !== lastIdentity) hint(O.none);
      lastIdentity = identity;
      if (repair) await folders.dropTroubled();
      const incomplete = identity !== scope.get(root)?.identity || folders.troubled().has(vanished);
      if (repair || incomplete) comparison.request();
    });
    comparison.request();
    await comparison.idle();
    lastIdentity = scope.get(root)?.identity;
    const timer = setInterval(check.request, rootCheckMs);

    const close = () => {
      closed = true;
      clearInterval(timer);
      return folders.close();
    };
    return { close };
  };

export const watchDirectory = watchDirectoryThrough(watchFolder);

const reportOnce = (onError: (message: string) => void) => {
  let reported: ReadonlySet<string> = new Set();
  return (troubled: ReadonlyMap<string, readonly string[]>): void => {
    for (const [code, paths] of troubled) {
      if (!reported.has(code)) onError(watchTrouble(code, paths));
    }
    reported = new Set(troubled.keys());
  };
};
