/**
 * Which files below a directory are manifests, with one synchronous walk (on a warm cache ten times faster
 * than promises). Names that start with a dot are skipped, symbolic links to folders are not followed.
 */
import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { isManifestName } from './manifest-name.js';
import { errorCode } from './scan-error.js';

export interface Listing {
  /** Relative to the directory, with `/`, in order of code units. */
  readonly manifests: readonly string[];
  /** Those of which the folder does not say that they are regular files: they must not be opened unseen. */
  readonly doubtful: ReadonlySet<string>;
  /** Folders that could not be listed; the directory itself is the empty name. */
  readonly unlisted: readonly Unlisted[];
}

export interface Unlisted {
  readonly relative: string;
  readonly code: string;
}

export const listManifests = (directory: string): Listing => {
  const manifests: string[] = [];
  const doubtful = new Set<string>();
  const unlisted: Unlisted[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = list(join(directory, folder));
    if (E.isLeft(entries)) {
      unlisted.push({ relative: folder, code: entries.left });
      continue;
    }
    for (const entry of entries.right) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(relative);
      else if (isManifestName(entry.name)) {
        manifests.push(relative);
        if (!entry.isFile()) doubtful.add(relative);
      }
    }
  }
  return { manifests: manifests.sort(), doubtful, unlisted };
};

const list = (path: string): E.Either<string, readonly Dirent[]> =>
  E.tryCatch(() => readdirSync(path, { withFileTypes: true }), errorCode);
