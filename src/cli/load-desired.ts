/** One look at the desired directory, for the commands that look at all of it or at nothing. */
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Revision } from '../conference/revision.js';
import { combine } from '../desired/combine.js';
import type { Desired } from '../desired/desired.js';
import { isError, type Problem } from '../desired/problem.js';
import { makeDirectorySource } from '../source/directory.js';
import type { CommandError } from './exit.js';

export interface Loaded extends Revision {
  readonly desired: Desired;
  /** Errors and warnings, in the order of their places. */
  readonly problems: readonly Problem[];
}

/** Whatever is wrong is among the problems. */
export const loadDesired = (directory: string): T.Task<Loaded> =>
  pipe(
    makeDirectorySource(directory).observe,
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
