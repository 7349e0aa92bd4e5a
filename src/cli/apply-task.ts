/** What an apply is to do: made from the declarations, or saved earlier. */
import { stat } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import type { Desired } from '../desired/desired.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import type { Ledger } from '../ledger/ledger.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { restorePlan, type Stale } from '../plan/restore-plan.js';
import { removesSomebody } from '../plan/safety.js';
import type { SavedPlan } from '../plan/saved-plan.js';
import { count } from '../render/duration.js';
import { safeText } from '../render/safe-text.js';
import { steadily } from '../source/steady-look.js';
import { accountName, endpointName } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { usage, type CommandError } from './exit.js';
import { loadByIndex } from './indexed-load.js';
import { alongCommit, loadValid, type Loaded } from './load-desired.js';
import { inputFrom, nobodyAsked, warn } from './plan-input.js';
import { readSavedPlan } from './saved-plan-file.js';

export interface ApplyTask {
  readonly input: PlanInput;
  readonly plan: Plan;
  /** Sentences about conferences of a saved plan that have changed since: left alone. */
  readonly stale: readonly string[];
}

/** Makes the task once the ledger is ours. */
export type Prepare = (ledger: Pick<Ledger, 'records'>) => TE.TaskEither<CommandError, ApplyTask>;

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
      return prepareSaved(subject.path, subject.saved, config, account, context);
  }
};

const prepareDirectory = (
  directory: string,
  config: CommonConfig,
  context: Context,
): TE.TaskEither<CommandError, Prepare> => {
  const load = pipe(
    alongCommit(loadByIndex(directory, config.state, context), directory, context),
    TE.map(({ found, commit }): Loaded => ({ ...found, commit })),
  );
  return pipe(
    load,
    TE.map((first) => ({ records }) => {
      const isSomebodyMissing = ({ desired }: Loaded): boolean => removesSomebody(desired, records);
      return pipe(
        steadily(load, isSomebodyMissing, restless)(first),
        TE.map((loaded) => {
          warn(loaded.problems, context);
          const input = inputFrom(loaded, { records }, nobodyAsked, config);
          return { input, plan: makePlan(input), stale: [] };
        }),
      );
    }),
  );
};

const restless: CommandError = {
  _tag: 'Environment',
  message: 'the manifests change all the time: nothing was sent. Apply when nobody writes them',
};

const prepareSaved = (
  path: string,
  saved: SavedPlan,
  config: CommonConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Prepare> => {
  const foreign = foreignWords(path, saved, config, account);
  if (O.isSome(foreign)) return TE.left(usage(foreign.value));
  return pipe(
    declaredNow(saved.directory, context),
    TE.map((desired) => ({ records }) => {
      const { rate, maxAudience } = config;
      const restored = restorePlan(saved, { records, desired, rate, maxAudience });
      const { done, stale, plan } = restored;
      if (done.length > 0 && stale.length === 0 && !isLeft(plan)) return TE.left(usedUp(path));
      if (done.length > 0)
        context.terminal.err(
          `${count(done.length, 'conference')} of the plan ${done.length === 1 ? 'is' : 'are'} as it says already\n`,
        );
      return TE.right({ ...restored, stale: stale.map((one) => staleWords(one, saved)) });
    }),
  );
};

/** A plan is run where it was made for. */
const foreignWords = (
  path: string,
  saved: SavedPlan,
  { endpoint }: CommonConfig,
  account: Account,
): O.Option<string> => {
  const name = accountName(account, endpoint);
  if (saved.account !== '' && saved.account !== name)
    return O.some(`${path} was made for ${saved.account}, not for ${name}`);
  const here = endpointName(endpoint);
  return saved.endpoint === here
    ? O.none
    : O.some(`${path} was made for ${saved.endpoint}, not for ${here}: name it by --endpoint`);
};

/** none: the directory is not here. What is invalid says nothing of what is declared: nothing is sent. */
const declaredNow = (
  directory: string,
  { terminal }: Context,
): TE.TaskEither<CommandError, O.Option<Desired>> =>
  pipe(
    TE.fromTask<boolean, CommandError>(isThere(directory)),
    TE.chain((there) => {
      if (there) return TE.map((loaded: Loaded) => O.some(loaded.desired))(loadValid(directory));
      terminal.err(
        `${safeText(hideSecrets(directory))} is not here: the declarations that were saved count\n`,
      );
      return TE.right(O.none);
    }),
  );

/** Something is still to be done. */
const isLeft = ({ changes }: Plan): boolean =>
  changes.some(({ _tag }) => _tag === 'Update' || _tag === 'Complete' || _tag === 'Release');

const usedUp = (path: string): CommandError =>
  usage(`${path} was run already: everything in it is as it says. Make a new plan`);

const staleWords = ({ conference, changed }: Stale, { directory }: SavedPlan): string => {
  const what =
    changed === 'ledger'
      ? 'the ledger knows something else of it than when the plan was saved'
      : `${safeText(hideSecrets(directory))} declares something else for it than when the plan was saved`;
  return `${conference} is left alone: ${what}; make a new plan`;
};

const isThere =
  (path: string): Task<boolean> =>
  async () => {
    const found = await TE.tryCatch(() => stat(path), E.toError)();
    return E.isRight(found) || !('code' in found.left && found.left.code === 'ENOENT');
  };

const isFile =
  (path: string): Task<boolean> =>
  async () => {
    const found = await TE.tryCatch(() => stat(path), E.toError)();
    return E.isRight(found) && found.right.isFile();
  };
