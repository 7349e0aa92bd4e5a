/**
 * The commit that holds exactly what lies in a directory: HEAD of its work tree, where nothing in the directory
 * differs from it. It is worth a word beside the digest and no more: whatever goes wrong here, there is none.
 *
 * Costs nothing where there is no `.git` above, and writes nothing, not even git's own index.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Commit } from '../../conference/revision.js';
import { isManifestName } from '../manifest-name.js';
import { commitFormat, readCommit } from './commit-format.js';
import type { Environment } from './git-environment.js';

/** Never rejects. */
export const commitOfDirectory =
  (directory: string, env: Environment): Task<O.Option<Commit>> =>
  async () => {
    if (!isInWorkTree(directory)) return O.none;
    const { makeGit } = await import('./git-command.js');
    const git = makeGit(env);
    const ask = (...words: readonly string[]) => git.run(['-C', directory, ...careful, ...words])();
    const timer = setTimeout(git.close, longestMs);
    const [commit, changes, tracked] = await Promise.all([
      ask('log', '-1', commitFormat, 'HEAD', '--'),
      ask('status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignored=traditional', '--', '.'),
      ask('ls-files', '-z', '--stage', '-v', '--', '.'),
    ]);
    clearTimeout(timer);
    if (E.isLeft(commit) || E.isLeft(changes) || E.isLeft(tracked)) return O.none;
    const isExact = isClean(changes.right.toString('latin1')) && isPlain(tracked.right.toString('latin1'));
    return isExact ? readCommit(commit.right) : O.none;
  };

/** A disk that hangs must not keep a plan. */
const longestMs = 5_000;

const careful = [
  '--no-optional-locks',
  ...['log.showSignature=false', 'core.fsmonitor=false', 'status.relativePaths=false'].flatMap((setting) => [
    '-c',
    setting,
  ]),
];

const isInWorkTree = (directory: string): boolean => {
  const start = E.tryCatch(() => realpathSync(directory), E.toError);
  if (E.isLeft(start)) return false;
  for (let folder = start.right; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
};

/** What git was told to ignore is read like any other manifest. */
const isClean = (status: string): boolean =>
  status
    .split('\0')
    .filter((entry) => entry !== '')
    .every((entry) => entry.startsWith('!! ') && !isManifestName(entry));

/**
 * Only ordinary files that git compares: a link leads elsewhere, a submodule is another repository, and what is marked
 * as not to be looked at (`S`, small letters) may be missing or changed.
 */
const isPlain = (files: string): boolean =>
  files
    .split('\0')
    .filter((entry) => entry !== '')
    .every((entry) => /^H 100(?:644|755) /.test(entry));
