/** What a pass over a directory found, as everybody else sees it. */
import * as O from 'fp-ts/lib/Option.js';
import type { ManifestFile } from '../desired/manifest.js';
import { nextSha256 } from './checksums.js';
import type { Observation } from './observation.js';
import { shownPath, unreadableFile, unreadableFolder, unusableDirectory, vanished } from './scan-problems.js';
import type { Unlisted } from './scan-tree.js';

export interface Found extends Unseen {
  /** By the path below the directory. */
  readonly known: ReadonlyMap<string, { readonly file: ManifestFile; readonly digest: string }>;
}

export interface Unseen {
  /** Why, by the path below the directory. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly unlisted: readonly Unlisted[];
}

/** What vanishes between listing and reading is looked for again, as editors replace a file by a new one. */
export const mostLooks = 3;

export const hasVanished = ({ unreadable, unlisted }: Unseen): boolean =>
  [...unreadable.values()].includes(vanished) ||
  unlisted.some(({ relative, code }) => relative !== '' && (code === 'ENOENT' || code === 'ENOTDIR'));

export const toObservation = (directory: string, { known, unreadable, unlisted }: Found): Observation => {
  const files = [
    ...[...known].map(([relative, { file, digest }]) => ({ relative, file, digest })),
    ...[...unreadable].map(([relative, why]) => ({
      relative,
      file: unreadableFile(shownPath(directory, relative), why),
      digest: `unreadable: ${why}`,
    })),
  ].sort((left, right) => (left.relative < right.relative ? -1 : 1));
  return {
    revision: revisionOf([
      ...files,
      ...unlisted.map(({ relative, code }) => ({ relative: `${relative}/`, digest: code })),
    ]),
    files: files.map(({ file }) => file),
    problems: unlisted.map(({ relative, code }) =>
      relative === ''
        ? unusableDirectory(shownPath(directory, ''), code)
        : unreadableFolder(shownPath(directory, relative), code),
    ),
    complete: unlisted.length === 0,
    commit: O.none,
    isFinal: false,
    obstacles: [],
  };
};

/** Over the sorted relative paths and their contents. Quoted names make the lines unambiguous. */
export const revisionOf = (
  lines: readonly { readonly relative: string; readonly digest: string }[],
): string =>
  `dir:sha256:${nextSha256(lines.map(({ relative, digest }) => `${JSON.stringify(relative)} ${digest}\n`).join(''), 0)}`;
