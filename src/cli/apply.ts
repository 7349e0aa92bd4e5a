/** `holdfast apply`: makes the calls that are needed, once, and reports every conference. */
import { stat } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { applyPlan } from '../apply/apply.js';
import { isLeftOver, resultsFor, type ApplyReport } from '../apply/report.js';
import type { Account } from '../catapult/credentials.js';
import type { ConferenceId } from '../conference/id.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import { makePlan, type PlanInput } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { restorePlan } from '../plan/saved-plan.js';
import { reportJsonText, reportText } from '../render/apply-report.js';
import { callsAndTime, count } from '../render/duration.js';
import { evidenceText } from '../render/evidence.js';
import { ledgerErrorText } from '../render/ledger-error.js';
import { dispatchLine } from '../render/log.js';
import { planText } from '../render/plan-text.js';
import { leftText } from '../render/progress.js';
import { accountName, accountOf, clientFor } from './account.js';
import {
  commonConfig,
  formatConfig,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { loadValid } from './load-desired.js';
import { makeLog } from './logger.js';
import { inputFrom, isSomethingToDo, nobodyAsked, warn } from './plan.js';
import { readSavedPlan } from './saved-plan-file.js';
import type { Answer } from './terminal.js';
import { openState } from './open-state.js';

interface ApplyConfig {
  readonly common: CommonConfig;
  readonly format: 'text' | 'json';
  readonly full: boolean;
  readonly yes: boolean;
  readonly force: O.Option<string>;
}

/** What is to be applied: made from the declarations, or saved earlier. */
interface Task {
  readonly input: PlanInput;
  readonly plan: Plan;
  readonly stale: readonly ConferenceId[];
}

/** Makes the task once the ledger is ours. */
type Prepare = (ledger: Ledger) => E.Either<CommandError, Task>;

export const apply =
  (path: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(path, flags, context),
      TE.chainEitherK((layers) => asUsage(applyConfig(layers))),
      TE.bindTo('config'),
      TE.bind('account', ({ config }) => TE.fromEither(accountOf(config.common, context.env))),
      TE.bind('prepare', ({ config, account }) => prepareFrom(path, config, account, context)),
      TE.chain(({ config, account, prepare }) => withLedger(prepare, config, account, context)),
    );

const applyConfig = (layers: Layers): E.Either<readonly string[], ApplyConfig> => {
  const { force, yes } = layers.flags;
  return together({
    common: commonConfig(layers),
    format: formatConfig<'text' | 'json'>(layers, ['text', 'json'], 'text'),
    full: switchConfig(layers, 'full'),
    yes: E.right(yes === true),
    force:
      typeof force === 'string' && force.trim() === ''
        ? E.left(['--force: say why, such as --force "office closes for good": it is recorded'])
        : E.right(typeof force === 'string' ? O.some(force.trim()) : O.none),
  });
};

const prepareFrom = (
  path: string,
  { common }: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Prepare> =>
  pipe(
    TE.fromTask<boolean, CommandError>(isFile(path)),
    TE.chain((isSaved) =>
      isSaved ? prepareSaved(path, common, account) : prepareDirectory(path, common, context),
    ),
  );

const prepareDirectory = (
  path: string,
  common: CommonConfig,
  context: Context,
): TE.TaskEither<CommandError, Prepare> =>
  pipe(
    loadValid(path),
    TE.map((loaded) => {
      warn(loaded.problems, context);
      return ({ records }) => {
        const input = inputFrom(loaded, { records }, nobodyAsked, common);
        return E.right({ input, plan: makePlan(input), stale: [] });
      };
    }),
  );

const prepareSaved = (
  path: string,
  common: CommonConfig,
  account: Account,
): TE.TaskEither<CommandError, Prepare> =>
  pipe(
    readSavedPlan(path),
    TE.map((saved) => ({ records }) => {
      const name = accountName(account, common.endpoint);
      return saved.account === '' || saved.account === name
        ? E.right(restorePlan(saved, { records, rate: common.rate }))
        : E.left(usage(`${path} was made for ${saved.account}, not for ${name}`));
    }),
  );

const isFile =
  (path: string): T.Task<boolean> =>
  async () => {
    const found = await TE.tryCatch(() => stat(path), E.toError)();
    return E.isRight(found) && found.right.isFile();
  };

const withLedger = (
  prepare: Prepare,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  TE.bracket(
    pipe(
      openState(config.common, account, 'apply', context),
      TE.chain(openLedger),
      TE.mapLeft((error): CommandError => ({ _tag: 'State', error })),
    ),
    (ledger) =>
      pipe(
        TE.fromEither(prepare(ledger)),
        TE.chain((task) => decide(task, ledger, config, account, context)),
      ),
    (ledger) => TE.fromTask(ledger.close),
  );

const decide = (
  task: Task,
  ledger: Ledger,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  const { terminal } = context;
  const { plan } = task;
  const { rate } = config.common;
  if (config.format === 'text') terminal.out(planText(plan, terminal.outColors, { rate, full: config.full }));
  tellStale(task, context);
  if (plan.refused.length > 0 && O.isNone(config.force)) return refuse(plan, config, context);
  return pipe(
    confirm(plan, config, context),
    TE.chain((declined) =>
      O.isSome(declined) ? TE.right(declined.value) : run(task, ledger, config, account, context),
    ),
  );
};

const tellStale = ({ stale }: Task, { terminal }: Context): void => {
  for (const conference of stale) {
    terminal.err(`${conference} has changed since the plan was saved: left alone; make a new plan\n`);
  }
};

const refuse = (
  plan: Plan,
  { format }: ApplyConfig,
  { terminal }: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  if (format === 'json') terminal.out(reportJsonText(plan, nothingDone(plan)));
  terminal.err(
    `${terminal.errColors.red('refused')}: ${count(plan.refused.length, 'change')} refused by a safety check; nothing was sent\n`,
  );
  for (const { conference, message } of plan.refused) terminal.err(`  ${conference}: ${message}\n`);
  terminal.err('If that is what you want, say why: --force "reason"\n');
  return TE.right(exitCodes.refused);
};

const nothingDone = (plan: Plan): ApplyReport => ({
  revision: plan.revision,
  results: resultsFor(plan, new Map()),
  stoppedBy: O.none,
});

/** none: go on. Otherwise nothing is sent, and this is the exit code. */
const confirm = (
  plan: Plan,
  { yes }: ApplyConfig,
  { terminal }: Context,
): TE.TaskEither<CommandError, O.Option<ExitCode>> => {
  if (yes || !isSomethingToDo(plan)) return TE.right(O.none);
  if (!terminal.interactive)
    return TE.left(usage('nobody can be asked here: give --yes to go on without asking'));
  const { calls, seconds } = plan.summary;
  const what = calls === 0 ? 'Go on' : `Make ${callsAndTime(calls, seconds, 'unlimited')}`;
  return pipe(
    TE.fromTask<Answer, CommandError>(terminal.ask(`${what}? Only yes is taken as a yes: `)),
    TE.map((answer) => {
      if (answer._tag === 'Said' && /^y(es)?$/i.test(answer.text.trim())) return O.none;
      terminal.err('Nothing was sent.\n');
      return O.some(answer._tag === 'Interrupted' ? exitCodes.interrupted : exitCodes.failed);
    }),
  );
};

const run = (
  { plan, input, stale }: Task,
  ledger: Ledger,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  const { terminal, clock, random } = context;
  const { rate, endpoint } = config.common;
  const client = clientFor(account, endpoint, context);
  const log = makeLog(config.common, context);
  let interrupted = false;
  let stopListening = (): void => undefined;
  return pipe(
    applyPlan(
      plan,
      input,
      config.force,
    )({
      ledger,
      account: accountName(account, endpoint),
      catapult: client,
      clock,
      random,
      report: (event, view) => {
        const line = dispatchLine(event);
        if (O.isNone(line)) return;
        const message = `${line.value.message} (${leftText(view.waiting.length, rate)})`;
        log({ ...line.value, message, fields: { ...line.value.fields, left: view.waiting.length } });
      },
      onStart: (stop) => {
        stopListening = terminal.onSignal(() => {
          interrupted = true;
          void stop();
        }, exitCodes.interrupted);
      },
    }),
    TE.mapLeft((error): CommandError => ({ _tag: 'State', error })),
    TE.map((report): ExitCode => {
      tell(plan, report, config, context);
      if (interrupted) return exitCodes.interrupted;
      const whole = stale.length === 0 && O.isNone(report.stoppedBy) && !report.results.some(isLeftOver);
      return whole ? exitCodes.done : exitCodes.failed;
    }),
    T.map((result) => {
      stopListening();
      client.close();
      return result;
    }),
  );
};

const tell = (plan: Plan, report: ApplyReport, { format }: ApplyConfig, { terminal }: Context): void => {
  if (format === 'json') terminal.out(reportJsonText(plan, report));
  else if (report.results.length > 0) terminal.out(`\n${reportText(report, terminal.outColors)}`);
  if (O.isNone(report.stoppedBy)) return;
  const reason = report.stoppedBy.value;
  const why = 'evidence' in reason ? evidenceText(reason.evidence) : ledgerErrorText(reason);
  terminal.err(`${terminal.errColors.red('error')}: stopped before everything was tried: ${why}\n`);
};
