/** `holdfast plan`: what would change. Takes no lease, writes nothing but the file of `--out`. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Problem } from '../desired/problem.js';
import { openForReading } from '../ledger/open-store.js';
import type { StateLocation } from '../ledger/sqlite-location.js';
import type { Stored } from '../ledger/store.js';
import { grantedBelow } from '../plan/granted.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { planJsonText } from '../render/plan-json.js';
import { planMarkdown } from '../render/plan-markdown.js';
import { planText } from '../render/plan-text.js';
import { renderProblemsText } from '../render/problems.js';
import { planFormats } from './choices.js';
import {
  commonConfig,
  formatConfig,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { loadValid, type Loaded } from './load-desired.js';
import { accountOf } from './account.js';
import { readLive } from './read-live.js';
import { savePlan } from './saved-plan-file.js';

type Format = (typeof planFormats)[number];

interface PlanConfig {
  readonly common: CommonConfig;
  readonly format: Format;
  readonly detailedExitcode: boolean;
  readonly refresh: boolean;
  readonly full: boolean;
  readonly out: O.Option<string>;
}

export const plan =
  (directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(planConfig(layers))),
      TE.chain((config) =>
        pipe(
          planInput(directory, config, context),
          TE.chainFirst(({ input }) => saveIfAsked(directory, input, config, context)),
          TE.map(({ input, granted }) => show(makePlan(input), granted, config, context)),
        ),
      ),
    );

const planConfig = (layers: Layers): E.Either<readonly string[], PlanConfig> => {
  const { out } = layers.flags;
  return together({
    common: commonConfig(layers),
    format: formatConfig(layers, planFormats, 'text'),
    detailedExitcode: switchConfig(layers, 'detailedExitcode'),
    refresh: switchConfig(layers, 'refresh'),
    full: switchConfig(layers, 'full'),
    out: E.right(typeof out === 'string' ? O.some(out) : O.none),
  });
};

const planInput = (
  directory: string,
  { common, refresh }: PlanConfig,
  context: Context,
): TE.TaskEither<CommandError, { readonly input: PlanInput; readonly granted: O.Option<number> }> =>
  pipe(
    TE.Do,
    TE.bind('loaded', () => loadValid(directory)),
    TE.chainFirstIOK(
      ({ loaded }) =>
        () =>
          warn(loaded.problems, context),
    ),
    TE.bind('stored', () => loadLedger(common.state)),
    TE.bind('live', ({ loaded, stored }) =>
      refresh ? liveOf(loaded, stored, common, context) : TE.right(nobodyAsked),
    ),
    TE.map(({ loaded, stored, live }) => ({
      input: inputFrom(loaded, stored, live, common),
      granted: grantedBelow(stored.facts.budget, common.rate),
    })),
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

const saveIfAsked = (directory: string, input: PlanInput, { out, common }: PlanConfig, context: Context) =>
  O.isNone(out) ? TE.right(undefined) : savePlan(out.value, directory, input, common, context);

const show = (
  made: Plan,
  granted: O.Option<number>,
  { format, common, full, detailedExitcode }: PlanConfig,
  { terminal }: Context,
): ExitCode => {
  const { rate } = common;
  switch (format) {
    case 'json':
      terminal.out(planJsonText(made));
      break;
    case 'markdown':
      terminal.out(planMarkdown(made, { rate }));
      break;
    case 'text':
      terminal.out(planText(made, terminal.outColors, { rate, granted, full }));
      break;
  }
  return detailedExitcode && isSomethingToDo(made) ? exitCodes.changes : exitCodes.done;
};

/** Some change is `update`, `complete` or `release`. */
export const isSomethingToDo = ({ summary }: Plan): boolean =>
  summary.update + summary.complete + summary.release > 0;
