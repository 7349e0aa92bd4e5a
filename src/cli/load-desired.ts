/** One look at the desired directory, for the commands that look at all of it or at nothing. */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Revision } from '../conference/revision.js';
import { combine } from '../desired/combine.js';
import type { Desired } from '../desired/desired.js';
import { isError, type Problem } from '../desired/problem.js';
import { commitOfDirectory } from '../source/git/directory-commit.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';

export interface Loaded extends Revision {
  readonly desired: Desired;
  /** Errors and warnings, in the order of their places. */
  readonly problems: readonly Problem[];
}

/** Whatever is wrong is among the problems. */
export const loadDesired = (directory: string): T.Task<Loaded> =>
  pipe(
    async () => {
      // With it comes the parser.
      const { makeDirectorySource } = await import('../source/directory.js');
      return makeDirectorySource(directory).observe();
    },
    T.map(({ revision, commit, files, problems }) => {
      const combined = combine(files);
      return { revision, commit, desired: combined.desired, problems: [...problems, ...combined.problems] };
    }),
  );

/** Nothing but what is valid as a whole. */
export const loadValid = (directory: string): TE.TaskEither<CommandError, Loaded> =>
  pipe(
    TE.fromTask<Loaded, CommandError>(loadDesired(directory)),
    TE.filterOrElse(
      ({ problems }) => !problems.some(isError),
      ({ problems }): CommandError => ({ _tag: 'Invalid', problems }),
    ),
  );

/** The same, with the commit that holds exactly this, where one does. */
export const loadWithCommit = (
  directory: string,
  context: Pick<Context, 'env'>,
): TE.TaskEither<CommandError, Loaded> =>
  pipe(
    alongCommit(loadValid(directory), directory, context),
    TE.map(({ found, commit }) => ({ ...found, commit })),
  );

/** What a work finds, and the commit that holds exactly what lies in the directory. They are sought together. */
export const alongCommit = <A>(
  work: TE.TaskEither<CommandError, A>,
  directory: string,
  { env }: Pick<Context, 'env'>,
): TE.TaskEither<CommandError, { readonly found: A; readonly commit: Loaded['commit'] }> =>
  sequenceS(TE.ApplyPar)({
    // First, as the other keeps the process to itself.
    commit: TE.fromTask<Loaded['commit'], CommandError>(commitOfDirectory(directory, env)),
    found: work,
  });
