/**
 * Another revision of a directory: what its repository says it was. Nothing is fetched and nothing is written; what
 * git does not have here cannot be compared with.
 *
 * A branch is compared with where it left the other one, the merge base, as forges show a pull request: what has
 * happened there since is no part of it.
 */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Commit } from '../../conference/revision.js';
import type { ManifestFile } from '../../desired/manifest.js';
import { makeClone, type Clone } from './clone.js';
import type { Git } from './git-command.js';
import type { Environment } from './git-environment.js';
import type { GitFailure } from './git-failure.js';
import { makeRevisionFiles } from './revision-files.js';

export interface BaseRevision {
  readonly commit: Commit;
  /** false: it is the very commit that was named. */
  readonly isMergeBase: boolean;
  /** none: the directory does not exist there. Paths begin with the directory as it was named. */
  readonly files: O.Option<readonly ManifestFile[]>;
}

/** `shallow`: the history here is cut off, so that there may be more. */
export type BaseFailure =
  | { readonly _tag: 'NoRepository' }
  | { readonly _tag: 'Unknown'; readonly shallow: boolean }
  | { readonly _tag: 'Unrelated'; readonly shallow: boolean }
  | { readonly _tag: 'GitFailed'; readonly message: string };

export const readBase = (
  directory: string,
  revision: string,
  git: Git,
  env: Environment,
): TE.TaskEither<BaseFailure, BaseRevision> =>
  pipe(
    repositoryOf(directory, git, env),
    TE.chain((repository) =>
      pipe(
        TE.Do,
        TE.bind('named', () => nameOf(revision, repository, git)),
        TE.bind('sha', ({ named }) => forkPoint(named, repository, git)),
        TE.bind('found', ({ sha }) => readCommit(sha, directory, repository, git)),
        TE.map(({ named, sha, found }) => ({ ...found, isMergeBase: sha !== named })),
      ),
    ),
  );

interface Repository {
  readonly gitDir: string;
  /** Of the directory, from the root of the repository; empty: the root itself. */
  readonly folder: string;
  /** Its HEAD says nothing of the directory. */
  readonly bare: boolean;
  readonly shallow: boolean;
}

/** As git finds it: by `GIT_DIR`, whose work tree is the current folder unless said otherwise, or above the directory. */
const repositoryOf = (
  directory: string,
  git: Git,
  env: Environment,
): TE.TaskEither<BaseFailure, Repository> => {
  const gitDir = env['GIT_DIR'] ?? '';
  return gitDir === ''
    ? repositoryAbove(directory, git)
    : namedRepository(directory, resolve(gitDir), env['GIT_WORK_TREE'] ?? '', git);
};

const repositoryAbove = (directory: string, git: Git): TE.TaskEither<BaseFailure, Repository> =>
  pipe(
    git.run(['-C', directory, 'rev-parse', ...facts, '--absolute-git-dir', '--show-prefix']),
    TE.mapLeft((failure) =>
      /not a git repository/i.test(failure.message) ? noRepository : gitFailed(failure),
    ),
    TE.chainEitherK((output) => {
      const [inWorkTree, , shallow, gitDir = '', prefix = ''] = output.toString('utf8').split('\n');
      return inWorkTree === 'true'
        ? E.right({ gitDir, folder: prefix.replace(/\/$/, ''), bare: false, shallow: shallow === 'true' })
        : E.left(noRepository);
    }),
  );

const namedRepository = (
  directory: string,
  gitDir: string,
  workTree: string,
  git: Git,
): TE.TaskEither<BaseFailure, Repository> =>
  pipe(
    git.run([`--git-dir=${gitDir}`, 'rev-parse', ...facts]),
    TE.mapLeft(gitFailed),
    TE.chainEitherK((output) => {
      const [, bare, shallow] = output.toString('utf8').split('\n');
      const folder = below(workTree, directory);
      return O.isNone(folder)
        ? E.left(noRepository)
        : E.right({ gitDir, folder: folder.value, bare: bare === 'true', shallow: shallow === 'true' });
    }),
  );

/** none: it lies elsewhere. */
const below = (folder: string, directory: string): O.Option<string> => {
  const path = E.tryCatch(() => relative(realpathSync(resolve(folder)), realpathSync(directory)), E.toError);
  return E.isLeft(path) || path.right === '..' || path.right.startsWith(`..${sep}`) || isAbsolute(path.right)
    ? O.none
    : O.some(path.right);
};

const facts = ['--is-inside-work-tree', '--is-bare-repository', '--is-shallow-repository'];

const nameOf = (
  revision: string,
  { gitDir, shallow }: Repository,
  git: Git,
): TE.TaskEither<BaseFailure, string> =>
  pipe(
    git.run([`--git-dir=${gitDir}`, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`]),
    TE.map((output) => output.toString('latin1').trim()),
    TE.mapLeft((failure) => (O.isSome(failure.exitCode) ? { _tag: 'Unknown', shallow } : gitFailed(failure))),
  );

const forkPoint = (
  named: string,
  { gitDir, bare, shallow }: Repository,
  git: Git,
): TE.TaskEither<BaseFailure, string> =>
  bare
    ? TE.right(named)
    : pipe(
        git.run([`--git-dir=${gitDir}`, 'merge-base', named, 'HEAD']),
        TE.map((output) => output.toString('latin1').trim()),
        TE.mapLeft((failure) =>
          O.toUndefined(failure.exitCode) === 1 ? { _tag: 'Unrelated', shallow } : gitFailed(failure),
        ),
      );

const readCommit = (
  sha: string,
  directory: string,
  { gitDir, folder, shallow }: Repository,
  git: Git,
): TE.TaskEither<BaseFailure, Pick<BaseRevision, 'commit' | 'files'>> => {
  const clone = makeClone({ git, path: gitDir, url: '', branch: O.none, allowedSigners: O.none });
  return pipe(
    TE.Do,
    TE.bind('commit', () => clone.commit(sha)),
    TE.bind('files', () => makeRevisionFiles(shownAs(folder, clone)).read(sha, directory)),
    TE.mapLeft(gitFailed),
    TE.chainEitherK(({ commit, files }) =>
      O.isSome(commit)
        ? E.right({ commit: commit.value, files })
        : E.left<BaseFailure>({ _tag: 'Unknown', shallow }),
    ),
  );
};

/** Looks into one folder, whatever it is called to people. */
const shownAs = (folder: string, clone: Clone): Pick<Clone, 'list' | 'follow' | 'read'> => ({
  list: (sha) => clone.list(sha, folder),
  follow: (sha, _shown, links) => clone.follow(sha, folder, links),
  read: clone.read,
});

const noRepository: BaseFailure = { _tag: 'NoRepository' };

const gitFailed = ({ message }: GitFailure): BaseFailure => ({ _tag: 'GitFailed', message });
