/** Who wrote the lines of a manifest: in a commit of the daemon's clone, or in a work tree. */
import { basename, dirname } from 'node:path';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Commit } from '../../conference/revision.js';
import { readBlame } from './blame-format.js';
import type { Git } from './git-command.js';
import type { GitFailure } from './git-failure.js';

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

/** The text of a file of a commit. */
export const fileInCommit = (
  git: Git,
  clonePath: string,
  sha: string,
  path: string,
): TE.TaskEither<GitFailure, Buffer> =>
  git.run([`--git-dir=${clonePath}`, 'cat-file', 'blob', `${sha}:${path}`]);

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
