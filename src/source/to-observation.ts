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

/** `text`: `textOf` the same. */
export const toObservation = (directory: string, found: Found, text = textOf(found)): Observation => {
  const { known, unreadable, unlisted } = found;
  const files = [
    ...[...known].map(([relative, { file }]) => ({ relative, file })),
    ...[...unreadable].map(([relative, why]) => ({
      relative,
      file: unreadableFile(shownPath(directory, relative), why),
    })),
  ].sort(byRelative);
  return {
    revision: revisionOfText(text),
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

export interface RevisionLine {
  readonly relative: string;
  readonly digest: string;
}

export const revisionOf = (lines: readonly RevisionLine[]): string => revisionOfText(joined(lines));

/** What a revision is the digest of: sorted relative paths and their contents. */
export const textOf = ({ known, unreadable, unlisted }: Found): string =>
  joined([
    ...[
      ...[...known].map(([relative, { digest }]) => ({ relative, digest })),
      ...[...unreadable].map(([relative, why]) => ({ relative, digest: `unreadable: ${why}` })),
    ].sort(byRelative),
    ...unlisted.map(({ relative, code }) => ({ relative: `${relative}/`, digest: code })),
  ]);

/** The text with another line in the place of one of its own. */
export const withLine = (text: string, before: RevisionLine, now: RevisionLine): string => {
  const line = lineOf(before);
  const start = text.startsWith(line) ? 0 : text.indexOf(`\n${line}`) + 1;
  return text.slice(0, start) + lineOf(now) + text.slice(start + line.length);
};

export const revisionOfText = (text: string): string => `dir:sha256:${nextSha256(text, 0)}`;

const joined = (lines: readonly RevisionLine[]): string => lines.map(lineOf).join('');

/** Quoted names make the lines unambiguous. */
const lineOf = ({ relative, digest }: RevisionLine): string => `${JSON.stringify(relative)} ${digest}\n`;

const byRelative = (left: { readonly relative: string }, right: { readonly relative: string }): number =>
  left.relative < right.relative ? -1 : 1;
