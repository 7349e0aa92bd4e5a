/** What an apply is to do: made from the declarations, or saved earlier. */
import { stat } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import type { ConferenceId } from '../conference/id.js';
import type { Ledger } from '../ledger/ledger.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { restorePlan, type SavedPlan } from '../plan/saved-plan.js';
import { accountName } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { usage, type CommandError } from './exit.js';
import { loadWithCommit } from './load-desired.js';
import { inputFrom, nobodyAsked, warn } from './plan.js';
import { readSavedPlan } from './saved-plan-file.js';

export interface ApplyTask {
  readonly input: PlanInput;
  readonly plan: Plan;
  /** Conferences of a saved plan that have changed since: left alone. */
  readonly stale: readonly ConferenceId[];
}

/** Makes the task once the ledger is ours. */
export type Prepare = (ledger: Pick<Ledger, 'records'>) => E.Either<CommandError, ApplyTask>;

/** What the command line named. */
export type Subject =
  | { readonly _tag: 'Directory'; readonly directory: string }
  | { readonly _tag: 'SavedPlan'; readonly path: string; readonly saved: SavedPlan };

export const subjectAt = (path: string): TE.TaskEither<CommandError, Subject> =>
  pipe(
    TE.fromTask<boolean, CommandError>(isFile(path)),
    TE.chain(
      (isSaved): TE.TaskEither<CommandError, Subject> =>
        isSaved
          ? TE.map((saved: SavedPlan): Subject => ({ _tag: 'SavedPlan', path, saved }))(readSavedPlan(path))
          : TE.right({ _tag: 'Directory', directory: path }),
    ),
  );

/** The directory that the settings file stands beside. */
export const directoryOf = (subject: Subject): string =>
  subject._tag === 'Directory' ? subject.directory : subject.saved.directory;

export const prepare = (
  subject: Subject,
  config: CommonConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Prepare> => {
  switch (subject._tag) {
    case 'Directory':
      return prepareDirectory(subject.directory, config, context);
    case 'SavedPlan':
      return TE.right(prepareSaved(subject.path, subject.saved, config, account));
  }
};

const prepareDirectory = (
  directory: string,
  config: CommonConfig,
  context: Context,
): TE.TaskEither<CommandError, Prepare> =>
  pipe(
    loadWithCommit(directory, context),
    TE.map((loaded) => {
      warn(loaded.problems, context);
      return ({ records }) => {
        const input = inputFrom(loaded, { records }, nobodyAsked, config);
        return E.right({ input, plan: makePlan(input), stale: [] });
      };
    }),
  );

const prepareSaved =
  (
    path: string,
    saved: SavedPlan,
    { endpoint, rate, maxAudience }: CommonConfig,
    account: Account,
  ): Prepare =>
  ({ records }) => {
    const name = accountName(account, endpoint);
    return saved.account === '' || saved.account === name
      ? E.right(restorePlan(saved, { records, rate, maxAudience }))
      : E.left(usage(`${path} was made for ${saved.account}, not for ${name}`));
  };

const isFile =
  (path: string): Task<boolean> =>
  async () => {
    const found = await TE.tryCatch(() => stat(path), E.toError)();
    return E.isRight(found) && found.right.isFile();
  };
