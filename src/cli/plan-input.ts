/** What a plan is made of, for the commands that make one. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Problem } from '../desired/problem.js';
import { hasBegun } from '../ledger/has-begun.js';
import type { StateLocation } from '../ledger/sqlite-location.js';
import { nothingStored, type Stored } from '../ledger/store.js';
import type { PlanInput, PlanRules } from '../plan/make-plan.js';
import { renderProblemsText } from '../render/problems.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';
import type { Loaded } from './load-desired.js';

/** What is wrong without being an error goes to standard error, whatever the format. */
export const warn = (problems: readonly Problem[], { terminal }: Context): void => {
  terminal.err(renderProblemsText(problems, terminal.errColors));
};

/** The ledger as it stands, without taking it from whoever writes. */
export const loadLedger = (state: StateLocation): TE.TaskEither<CommandError, Stored> =>
  pipe(
    TE.fromIO(hasBegun(state)),
    TE.chain((begun) => (begun ? loadBegun(state) : TE.right(nothingStored))),
  );

const loadBegun = (state: StateLocation): TE.TaskEither<CommandError, Stored> =>
  pipe(
    // With it comes the database, and a plan of what has not changed does without.
    TE.fromTask(() => import('../ledger/open-store.js')),
    TE.chain(({ openForReading }) => openForReading(state)),
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
  config: CommonConfig,
): PlanInput => ({
  revision,
  commit,
  desired,
  records,
  live,
  rules: rulesOf(config),
});

export const rulesOf = ({ onRemove, maxComplete, maxAudience, rate }: CommonConfig): PlanRules => ({
  onRemove,
  maxComplete,
  maxAudience,
  rate,
  removals: 'count',
  heal: false,
});

export const nobodyAsked: ReadonlyMap<ConferenceId, Live> = new Map();
