/** `holdfast plan`: what would change. Takes no lease, writes nothing but the file of `--out`. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Problem } from '../desired/problem.js';
import { hasBegun, openForReading } from '../ledger/open-store.js';
import { showStateLocation, type StateLocation } from '../ledger/sqlite-location.js';
import type { Stored } from '../ledger/store.js';
import { grantedBelow } from '../plan/granted.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { planSince } from '../plan/plan-since.js';
import { comparedWords, type Compared } from '../render/compared.js';
import { planJsonText } from '../render/plan-json.js';
import { planMarkdown } from '../render/plan-markdown.js';
import { planText } from '../render/plan-text.js';
import { renderProblemsText } from '../render/problems.js';
import { problemsMarkdown } from '../render/problems-markdown.js';
import { showCommit } from '../render/revision.js';
import { loadBase, type LoadedBase } from './base.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { planConfig, type PlanConfig } from './plan-config.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { loadWithCommit, type Loaded } from './load-desired.js';
import { accountName, accountOf } from './account.js';
import { readLive } from './read-live.js';
import { savePlan } from './saved-plan-file.js';

export const plan =
  (directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(planConfig(layers))),
      TE.chain((config) =>
        pipe(
          gather(directory, config, context),
          TE.orElseFirstIOK((error) => () => showProblems(error, config, context)),
          TE.chainFirst((gathered) => saveIfAsked(directory, gathered, config, context)),
          TE.map((gathered) => show(gathered, config, context)),
        ),
      ),
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
        loadBase(directory, named.value, context),
        TE.chainFirstIOK(({ compared, problems }) => () => {
          if (problems.length === 0) return;
          context.terminal.err(`In the base, ${showCommit(compared.commit)}:\n`);
          warn(problems, context);
        }),
        TE.map(O.some),
      );

/** What is wrong without being an error goes to standard error, whatever the format. */
export const warn = (problems: readonly Problem[], { terminal }: Context): void => {
  terminal.err(renderProblemsText(problems, terminal.errColors));
};

/** The ledger as it stands, without taking it from whoever writes. */
export const loadLedger = (state: StateLocation): TE.TaskEither<CommandError, Stored> =>
  pipe(
    openForReading(state),
    TE.chain((store) =>
      pipe(
        store.load,
        TE.chainFirstTaskK(() => store.close),
      ),
    ),
    TE.mapLeft((error): CommandError => ({ _tag: 'State', error })),
  );

export const inputFrom = (
  { desired, revision, commit }: Loaded,
  { records }: Pick<Stored, 'records'>,
  live: ReadonlyMap<ConferenceId, Live>,
  { onRemove, maxComplete, maxAudience, rate }: CommonConfig,
): PlanInput => ({
  revision,
  commit,
  desired,
  records,
  live,
  rules: { onRemove, maxComplete, maxAudience, rate, removals: 'count', heal: false },
});

export const nobodyAsked: ReadonlyMap<ConferenceId, Live> = new Map();

const liveOf = (loaded: Loaded, { facts }: Stored, common: CommonConfig, context: Context) =>
  pipe(
    TE.fromEither(accountOf(common, context.env)),
    TE.chain((account) => readLive([...loaded.desired.keys()], facts, account, common, context)),
  );

const saveIfAsked = (
  directory: string,
  { input, known }: Gathered,
  { out, common }: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, void> => {
  if (O.isNone(out)) return TE.right(undefined);
  const given = O.map((userId: string) => accountName({ userId }, common.endpoint))(common.userId);
  const account = O.getOrElse(() => '')(O.alt(() => known)(given));
  return savePlan(out.value, directory, input, account, common, context);
};

const show = (
  { input, base, granted, hasState }: Gathered,
  { format, common, full, detailedExitcode }: PlanConfig,
  { terminal }: Context,
): ExitCode => {
  const made = O.isSome(base) ? planSince(base.value.base, input) : makePlan(input);
  const { rate } = common;
  const compared = comparedWith(base, hasState, common.state);
  switch (format) {
    case 'json':
      // What stands in no key of the contract goes where messages go.
      if (compared._tag !== 'Ledger') terminal.err(`${comparedWords(compared)}\n`);
      terminal.out(planJsonText(made, compared));
      break;
    case 'markdown':
      terminal.out(planMarkdown(made, { rate, compared }));
      break;
    case 'text':
      terminal.out(planText(made, terminal.outColors, { rate, granted, full, compared }));
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
