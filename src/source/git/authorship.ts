/** Who wrote the lines of a manifest: in a commit of the daemon's clone, or in a work tree. */
import { basename, dirname } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Commit } from '../../conference/revision.js';
import { shownPath } from '../scan-problems.js';
import { readBlame } from './blame-format.js';
import type { Git } from './git-command.js';
import type { GitFailure } from './git-failure.js';
import { readTree, showName } from './git-tree.js';

/** By line number; empty where git knows nothing. Never rejects. */
export type Authorship = Task<ReadonlyMap<number, Commit>>;

/** `path`: from the root of the repository. */
export const authorsInCommit = (
  git: Git,
  clonePath: string,
  sha: string,
  path: string,
  lines: readonly number[],
): Authorship => blamed(git, [`--git-dir=${clonePath}`], lines, [sha, '--', path]);

/** As the file stands there. */
export const authorsInWorkTree = (git: Git, path: string, lines: readonly number[]): Authorship =>
  blamed(git, ['-C', dirname(path)], lines, ['--', basename(path)]);

export interface FileInCommit {
  /** As git knows it. */
  readonly name: string;
  readonly content: Buffer;
}

/** By the path that people are shown. none: the commit has no such file; left: there is no such commit. */
export const fileInCommit = (
  git: Git,
  clonePath: string,
  sha: string,
  path: string,
): TE.TaskEither<GitFailure, O.Option<FileInCommit>> => {
  const where = `--git-dir=${clonePath}`;
  return pipe(
    git.run([where, 'ls-tree', '-r', '-l', '-z', '--full-tree', sha]),
    TE.chainEitherK((output) => readTree(output.toString('latin1'))),
    TE.map(({ manifests }) => manifests.find(({ name }) => shownPath('', showName(name)) === path)),
    TE.chain((found) =>
      found === undefined
        ? TE.right(O.none)
        : pipe(
            git.run([where, 'cat-file', 'blob', found.blob]),
            TE.map((content) =>
              O.some({ name: Buffer.from(found.name, 'latin1').toString('utf8'), content }),
            ),
          ),
    ),
  );
};

const blamed = (
  git: Git,
  where: readonly string[],
  lines: readonly number[],
  what: readonly string[],
): Authorship => {
  const ranges = lines.flatMap((line) => ['-L', `${line},${line}`]);
  return lines.length === 0
    ? () => Promise.resolve(new Map<number, Commit>())
    : pipe(
        git.run([...where, 'blame', '--porcelain', ...ranges, ...what]),
        TE.match(
          () => new Map<number, Commit>(),
          (output) => readBlame(output.toString('utf8')),
        ),
      );
};
