/**
 * A directory of manifests, looked at as often as wanted.
 *
 * An observation costs one `stat` for each file that has not changed; only changed bytes are parsed again, so
 * that an unchanged file keeps being the same `ManifestFile`. What was seen before never hides a change
 * (`scan-stamp.ts`), and a file or folder that cannot be read is a problem, never an absence.
 */
import { hash } from 'node:crypto';
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { Observation } from './observation.js';
import { scanOnce, type Known, type Scan } from './scan.js';
import { shownPath, unreadableFile, unreadableFolder, unusableDirectory, vanished } from './scan-problems.js';

export interface DirectorySource {
  /** Never rejects. */
  readonly observe: T.Task<Observation>;
}

/** `directory` as people wrote it, for it begins every path they are shown. `now` tells epoch milliseconds. */
export const makeDirectorySource = (directory: string, now: () => number = Date.now): DirectorySource => {
  let known: ReadonlyMap<string, Known> = new Map();
  return {
    observe: async () => {
      for (let look = 1; ; look += 1) {
        const scan = await scanOnce(directory, known, now);
        known = scan.known;
        if (look === mostLooks || !hasVanished(scan)) return toObservation(directory, scan);
      }
    },
  };
};

/** What vanishes between listing and reading is looked for again, as editors replace a file by a new one. */
const mostLooks = 3;

const hasVanished = ({ unreadable, unlisted }: Scan): boolean =>
  [...unreadable.values()].includes(vanished) ||
  unlisted.some(({ relative, code }) => relative !== '' && (code === 'ENOENT' || code === 'ENOTDIR'));

const toObservation = (directory: string, { known, unreadable, unlisted }: Scan): Observation => {
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
const revisionOf = (lines: readonly { readonly relative: string; readonly digest: string }[]): string =>
  `dir:sha256:${hash('sha256', lines.map(({ relative, digest }) => `${JSON.stringify(relative)} ${digest}\n`).join(''))}`;
