/** A saved plan on disk. */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { PlanInput } from '../plan/make-plan.js';
import { SavedPlan, toSavedPlan } from '../plan/saved-plan.js';
import { endpointName } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';

/**
 * Whole or not at all, and readable by its owner alone: it may hold passwords of callback URLs.
 * `account`: whom it is for; empty: nobody knows.
 */
export const savePlan = (
  path: string,
  directory: string,
  input: PlanInput,
  account: string,
  { endpoint }: Pick<CommonConfig, 'endpoint'>,
  { process }: Context,
): TE.TaskEither<CommandError, void> => {
  const saved = toSavedPlan(input, { directory, account, endpoint: endpointName(endpoint) });
  const text = `${JSON.stringify(SavedPlan.encode(saved), null, 2)}\n`;
  const unfinished = `${path}.${process.pid}.tmp`;
  return pipe(
    TE.tryCatch(async () => {
      await writeFile(unfinished, text, { mode: 0o600, flag: 'wx' });
      await chmod(unfinished, 0o600);
      await rename(unfinished, path);
    }, E.toError),
    TE.orElseFirstTaskK(() => () => rm(unfinished, { force: true })),
    TE.mapLeft(
      (cause): CommandError => ({
        _tag: 'Environment',
        message: `the plan could not be saved as ${path}: ${'code' in cause ? String(cause.code) : cause.message}`,
      }),
    ),
  );
};

export const readSavedPlan = (path: string): TE.TaskEither<CommandError, SavedPlan> =>
  pipe(
    TE.tryCatch(() => readFile(path, 'utf8'), E.toError),
    TE.mapLeft(({ message }) => `${path} cannot be read: ${message}`),
    TE.chainEitherK((text) =>
      pipe(
        E.tryCatch((): unknown => JSON.parse(text), E.toError),
        E.chainW((json) => SavedPlan.decode(json)),
        E.mapLeft(
          () => `${path} is no saved plan: those come from \`holdfast plan --out FILE\`; or name a directory`,
        ),
      ),
    ),
    TE.mapLeft((message): CommandError => ({ _tag: 'Environment', message })),
  );
