/** `plan --base`: what the plan is made beside, and what to write when it cannot be read. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { combine } from '../desired/combine.js';
import { quote } from '../desired/hide-secrets.js';
import type { ManifestFile } from '../desired/manifest.js';
import { isError, type Problem } from '../desired/problem.js';
import type { Base } from '../plan/plan-since.js';
import type { ComparedBase, Lack } from '../render/compared.js';
import { readBase, type BaseFailure, type BaseRevision } from '../source/git/base-revision.js';
import { makeGit } from '../source/git/git-command.js';
import type { Context } from './context.js';
import { usage, type CommandError } from './exit.js';

export interface LoadedBase {
  readonly base: Base;
  readonly compared: ComparedBase;
  /** What is wrong in files of the base. */
  readonly problems: readonly Problem[];
}

export const loadBase = (
  directory: string,
  named: string,
  { env }: Context,
): TE.TaskEither<CommandError, LoadedBase> =>
  pipe(
    readBase(directory, named, makeGit(env), env),
    TE.bimap(
      (failure) => usage(`--base: ${failureWords(failure, directory, named)}`),
      (found) => loaded(named, found),
    ),
  );

const loaded = (named: string, { commit, isMergeBase, files }: BaseRevision): LoadedBase => {
  const all = O.isSome(files) ? files.value : [];
  const { desired, problems } = combine(all);
  const errors = problems.filter(isError);
  return {
    base: { desired, isWhole: O.isSome(files) && errors.length === 0 },
    compared: { named, commit, isMergeBase, lack: lackOf(files, errors) },
    problems: errors.map((problem) => ({ ...problem, severity: 'warning' })),
  };
};

const lackOf = (files: O.Option<readonly ManifestFile[]>, errors: readonly Problem[]): Lack => {
  if (O.isNone(files)) return { _tag: 'NoDirectory' };
  const paths = [...new Set(errors.map(({ at }) => at.path))];
  return paths.length === 0 ? { _tag: 'Nothing' } : { _tag: 'BrokenFiles', paths };
};

const failureWords = (failure: BaseFailure, directory: string, named: string): string => {
  switch (failure._tag) {
    case 'NoRepository':
      return `${quote(directory)} lies in no git repository: leave the flag out, or name a directory of a checkout`;
    case 'Unknown':
      return failure.shallow
        ? `${quote(named)} is not in this clone, whose history is cut off: ${fetchMore}`
        : `${quote(named)} is no commit that git knows here: write a branch, a tag or a commit, such as origin/main; what is not here yet comes by \`git fetch origin\``;
    case 'Unrelated':
      return failure.shallow
        ? `where this branch left ${quote(named)} is not in this clone, whose history is cut off: ${fetchMore}`
        : `this branch and ${quote(named)} have no commit in common: name one that it began from`;
    case 'GitFailed':
      return /dubious ownership/.test(failure.message)
        ? `git does not trust a repository that belongs to somebody else: \`git config --global --add safe.directory '*'\` in a container of its own, or change the owner`
        : `git cannot be asked: ${failure.message}`;
  }
};

const fetchMore =
  'fetch all of it (`git fetch --unshallow origin`; in CI: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab)';
