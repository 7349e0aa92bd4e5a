/** `holdfast plan`: what would change. Takes no lease, and writes nothing but the file of `--out` and its index. */
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { hasBegun } from '../ledger/has-begun.js';
import { showStateLocation, type StateLocation } from '../ledger/sqlite-location.js';
import type { Stored } from '../ledger/store.js';
import { grantedBelow } from '../plan/granted.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { planSince } from '../plan/plan-since.js';
import { comparedWords, type Compared } from '../render/compared.js';
import { planJsonPieces } from '../render/plan-json.js';
import { planMarkdown } from '../render/plan-markdown.js';
import { planTextPieces } from '../render/plan-text.js';
import { problemsMarkdown } from '../render/problems-markdown.js';
import { showCommit } from '../render/revision.js';
import type { LoadedBase } from './base.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { planConfig, type PlanConfig } from './plan-config.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { indexedPlan } from './indexed-plan.js';
import { alongCommit, loadWithCommit, type Loaded } from './load-desired.js';
import { inputFrom, loadLedger, nobodyAsked, warn } from './plan-input.js';

export const plan =
  (directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(planConfig(layers))),
      TE.chain((config) =>
        pipe(
          config.refresh || O.isSome(config.out) || O.isSome(config.base)
            ? planOfEverything(directory, config, context)
            : planOfDifference(directory, config, context),
          TE.orElseFirstIOK((error) => () => showProblems(error, config, context)),
        ),
      ),
    );

/** What has not changed since the last time is not looked at. */
const planOfDifference = (
  directory: string,
  config: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  const { common } = config;
  return pipe(
    alongCommit(indexedPlan(directory, common, context), directory, context),
    TE.chainTaskK(({ found: { plan: made, budget }, commit }) => {
      const granted = grantedBelow(budget, common.rate);
      const hasState = hasBegun(common.state)();
      return show({ ...made, commit }, { base: O.none, granted, hasState }, config, context);
    }),
  );
};

/** What is saved must be whole, and every declared conference is read, or looked up in a base. */
const planOfEverything = (
  directory: string,
  config: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  pipe(
    gather(directory, config, context),
    TE.chainFirst((gathered) => saveIfAsked(directory, gathered, config, context)),
    TE.chainTaskK((gathered) => {
      const { base, input } = gathered;
      const made = O.isSome(base) ? planSince(base.value.base, input) : makePlan(input);
      return show(made, gathered, config, context);
    }),
  );

/** For a pull request: what stood there before is not true any more. Everywhere else standard error says it. */
const showProblems = (error: CommandError, { format }: PlanConfig, { terminal }: Context): void => {
  if (format === 'markdown' && error._tag === 'Invalid') terminal.out(problemsMarkdown(error.problems));
};

/** Everything that a plan is made from and shown with. */
interface Gathered {
  readonly input: PlanInput;
  readonly base: O.Option<LoadedBase>;
  readonly granted: O.Option<number>;
  readonly hasState: boolean;
  /** Whom the ledger speaks of. */
  readonly known: O.Option<string>;
}

const gather = (
  directory: string,
  { common, refresh, base }: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, Gathered> =>
  pipe(
    TE.Do,
    TE.bind('loaded', () => loadWithCommit(directory, context)),
    TE.chainFirstIOK(
      ({ loaded }) =>
        () =>
          warn(loaded.problems, context),
    ),
    TE.bind('base', () => baseOf(directory, base, context)),
    TE.bind('hasState', () => TE.fromIO(hasBegun(common.state))),
    TE.bind('stored', () => loadLedger(common.state)),
    TE.bind('live', ({ loaded, stored }) =>
      refresh ? liveOf(loaded, stored, common, context) : TE.right(nobodyAsked),
    ),
    TE.map(({ loaded, stored, live, ...rest }) => ({
      ...rest,
      input: inputFrom(loaded, stored, live, common),
      granted: grantedBelow(stored.facts.budget, common.rate),
      known: stored.facts.account,
    })),
  );

const baseOf = (
  directory: string,
  named: O.Option<string>,
  context: Context,
): TE.TaskEither<CommandError, O.Option<LoadedBase>> =>
  O.isNone(named)
    ? TE.right(O.none)
    : pipe(
        // With it comes git.
        TE.fromTask(() => import('./base.js')),
        TE.chain(({ loadBase }) => loadBase(directory, named.value, context)),
        TE.chainFirstIOK(({ compared, problems }) => () => {
          if (problems.length === 0) return;
          context.terminal.err(`In the base, ${showCommit(compared.commit)}:\n`);
          warn(problems, context);
        }),
        TE.map(O.some),
      );

const liveOf = (loaded: Loaded, { facts }: Stored, common: CommonConfig, context: Context) =>
  pipe(
    // With these comes the client.
    TE.fromTask(() => Promise.all([import('./account.js'), import('./read-live.js')])),
    TE.chain(([{ accountOf }, { readLive }]) =>
      pipe(
        TE.fromEither(accountOf(common, context.env)),
        TE.chain((account) => readLive([...loaded.desired.keys()], facts, account, common, context)),
      ),
    ),
  );

const saveIfAsked = (
  directory: string,
  { input, known }: Gathered,
  { out, common }: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, void> =>
  O.isNone(out)
    ? TE.right(undefined)
    : pipe(
        TE.fromTask(() => Promise.all([import('./account.js'), import('./saved-plan-file.js')])),
        TE.chain(([{ accountName }, { savePlan }]) => {
          const given = O.map((userId: string) => accountName({ userId }, common.endpoint))(common.userId);
          const account = O.getOrElse(() => '')(O.alt(() => known)(given));
          return savePlan(out.value, directory, input, account, common, context);
        }),
      );

const show =
  (
    made: Plan,
    { base, granted, hasState }: Pick<Gathered, 'base' | 'granted' | 'hasState'>,
    { format, common, full, detailedExitcode }: PlanConfig,
    { terminal }: Context,
  ): Task<ExitCode> =>
  async () => {
    const { rate } = common;
    const compared = comparedWith(base, hasState, common.state);
    switch (format) {
      case 'json':
        // What stands in no key of the contract goes where messages go.
        if (compared._tag !== 'Ledger') terminal.err(`${comparedWords(compared)}\n`);
        await terminal.outAll(planJsonPieces(made, compared))();
        break;
      case 'markdown':
        terminal.out(planMarkdown(made, { rate, compared }));
        break;
      case 'text':
        await terminal.outAll(planTextPieces(made, terminal.outColors, { rate, granted, full, compared }))();
        break;
    }
    return detailedExitcode && isSomethingToDo(made) ? exitCodes.changes : exitCodes.done;
  };

const comparedWith = (base: O.Option<LoadedBase>, hasState: boolean, state: StateLocation): Compared => {
  if (O.isSome(base)) return { _tag: 'Base', base: base.value.compared };
  return hasState ? { _tag: 'Ledger' } : { _tag: 'NoState', location: showStateLocation(state) };
};

/** Some change is `update`, `complete` or `release`. */
export const isSomethingToDo = ({ summary }: Plan): boolean =>
  summary.update + summary.complete + summary.release > 0;
