/** Work on files as an answer like git's own. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { GitFailure } from './git-failure.js';

export const onDisk = <A>(work: () => A): TE.TaskEither<GitFailure, A> =>
  TE.fromIOEither(() =>
    E.tryCatch(work, (error) => ({ exitCode: O.none, message: E.toError(error).message })),
  );
