/**
 * Which folders have to be watched so that every change of a manifest is noticed.
 *
 * - The directory and every folder below it, but none whose name starts with a dot (`.git`) and no
 *   `node_modules`: they hold no manifests and would cost thousands of watches.
 * - The folder in which the target of a linked manifest lies: the link itself does not change when its
 *   target is written in place. There only the target's name counts, or a link into a busy folder would
 *   never be quiet.
 *
 * The `..data` swap of a Kubernetes volume needs nothing special: it renames entries of the directory itself.
 * Not seen: a change of a link in the middle of a chain, a link whose target appears later, and links to
 * folders, which hold no manifests for us. The rescan finds the first two.
 *
 * Nothing here fails: what cannot be read is not there.
 */
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { FolderEvent } from './watch-folder.js';

export interface WatchedFolder {
  /** Another folder under the same path has another identity. */
  readonly identity: string;
  /** The names that count; none: all of them. */
  readonly names: O.Option<ReadonlySet<string>>;
}

export type WatchScope = ReadonlyMap<string, WatchedFolder>;

export const watchScope =
  (root: string): T.Task<WatchScope> =>
  async () => {
    const scope = new Map<string, WatchedFolder>();
    const links: string[] = [];
    await addFolder(root, scope, links);
    for (const [folder, names] of await targetsByFolder(links)) {
      const identity = await folderIdentity(folder)();
      if (O.isSome(identity) && !scope.has(folder)) {
        scope.set(folder, { identity: identity.value, names: O.some(names) });
      }
    }
    return scope;
  };

/** Device, inode and time of birth; an inode alone is given again to the next folder. */
export const folderIdentity =
  (folder: string): T.Task<O.Option<string>> =>
  async () => {
    try {
      const stats = await stat(folder, { bigint: true });
      return stats.isDirectory() ? O.some(`${stats.dev}:${stats.ino}:${stats.birthtimeNs}`) : O.none;
    } catch {
      return O.none;
    }
  };

/** Whether an event in a folder can mean a changed manifest. */
export const concerns = (path: string, { names }: WatchedFolder, event: FolderEvent): boolean =>
  O.isNone(names) || O.isNone(event) || names.value.has(event.value) || event.value === basename(path);

/**
 * Whether an event can have changed the scope. A manifest saved, in place or through another name, cannot:
 * one look at the entry spares reading all folders at every save.
 */
export const changesScope =
  (scope: WatchScope, path: string, event: FolderEvent): T.Task<boolean> =>
  async () => {
    if (O.isNone(event) || event.value === basename(path)) return true;
    const entry = join(path, event.value);
    if (scope.has(entry)) return true;
    const stats = await lstat(entry).catch(() => undefined);
    return stats !== undefined && (stats.isDirectory() || stats.isSymbolicLink());
  };

const addFolder = async (
  folder: string,
  scope: Map<string, WatchedFolder>,
  links: string[],
): Promise<void> => {
  const identity = await folderIdentity(folder)();
  if (O.isNone(identity)) return;
  scope.set(folder, { identity: identity.value, names: O.none });
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !isSkipped(entry.name)) await addFolder(path, scope, links);
    if (entry.isSymbolicLink() && isManifestName(entry.name)) links.push(path);
  }
};

const targetsByFolder = async (
  links: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const folders = new Map<string, Set<string>>();
  for (const link of links) {
    const target = await realpath(link).catch(() => link);
    const names = folders.get(dirname(target)) ?? new Set();
    folders.set(dirname(target), names.add(basename(target)));
  }
  return folders;
};

const isSkipped = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

const isManifestName = (name: string): boolean => !name.startsWith('.') && /\.ya?ml$/.test(name);
