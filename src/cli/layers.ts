/** Flags, environment and settings file of one run, side by side. */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Layers, Problems } from './config.js';
import { readConfigFile } from './config-file.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';

export type Flags = Readonly<Record<string, unknown>>;

export const readLayers = (
  directory: string,
  flags: Flags,
  { env }: Context,
): TE.TaskEither<CommandError, Layers> =>
  pipe(
    readConfigFile(directory),
    TE.bimap(
      (messages): CommandError => ({ _tag: 'Usage', messages }),
      (file) => ({ flags, env, file }),
    ),
  );

/** Problems of the settings, as the error of a command. */
export const asUsage: <A>(config: E.Either<Problems, A>) => E.Either<CommandError, A> = E.mapLeft(
  (messages): CommandError => ({ _tag: 'Usage', messages }),
);

/** What commander calls the directory when none is given. */
export const defaultDirectory = 'desired';
