/** The manifests that somebody has named: files, and directories with all that is below them. */
import { join, resolve } from 'node:path';
import type { Problem } from '../desired/problem.js';
import { glanceAt } from './scan-file.js';
import { shownPath, unreadableFile, unreadableFolder } from './scan-problems.js';
import { listManifests } from './scan-tree.js';

export interface NamedManifest {
  readonly path: string;
  /** As people are shown it. */
  readonly shown: string;
}

export interface NamedManifests {
  /** Each once, in the order in which they were named. */
  readonly manifests: readonly NamedManifest[];
  readonly problems: readonly Problem[];
}

export const namedManifests = (paths: readonly string[]): NamedManifests => {
  const found = paths.map(manifestsAt);
  const all = found.flatMap(({ manifests }) => manifests);
  const byPlace = new Map(all.toReversed().map((manifest) => [resolve(manifest.path), manifest]));
  return {
    manifests: [...byPlace.values()].reverse(),
    problems: found.flatMap(({ problems }) => problems),
  };
};

const manifestsAt = (path: string): NamedManifests => {
  const shown = shownPath(path, '');
  const glance = glanceAt(path);
  switch (glance._tag) {
    case 'Regular':
      return { manifests: [{ path, shown }], problems: [] };
    case 'Folder':
      return manifestsBelow(path);
    case 'Vanished':
      return {
        manifests: [],
        problems: unreadableFile(shown, 'there is no such file or directory').problems,
      };
    case 'Unreadable':
      return { manifests: [], problems: unreadableFile(shown, glance.why).problems };
  }
};

const manifestsBelow = (directory: string): NamedManifests => {
  const { manifests, unlisted } = listManifests(directory);
  return {
    manifests: manifests.map((relative) => ({
      path: join(directory, relative),
      shown: shownPath(directory, relative),
    })),
    problems: unlisted.map(({ relative, code }) => unreadableFolder(shownPath(directory, relative), code)),
  };
};
