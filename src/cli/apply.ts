/** `holdfast apply`: makes the calls that are needed, once, and reports every conference. */
import * as O from 'fp-ts/lib/Option.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { applyPlan } from '../apply/apply.js';
import { isLeftOver, type ApplyReport } from '../apply/report.js';
import type { Account } from '../catapult/credentials.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import type { LedgerError } from '../ledger/store.js';
import { grantedBelow } from '../plan/granted.js';
import type { Plan } from '../plan/plan.js';
import { dispatchLine } from '../render/log.js';
import { workWords } from '../render/plan-words.js';
import { leftText } from '../render/progress.js';
import { accountName, accountOf, clientFor } from './account.js';
import { applyConfig, type ApplyConfig } from './apply-config.js';
import { showPlan, tellRefused, tellReport, tellStale } from './apply-output.js';
import { directoryOf, prepare, subjectAt, type ApplyTask, type Prepare } from './apply-task.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { makeLog } from './logger.js';
import { openState } from './open-state.js';
import { isSomethingToDo } from './plan.js';
import type { Answer } from './terminal.js';
import { tlsWarning } from './tls-warning.js';

export const apply =
  (path: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      TE.Do,
      TE.bind('subject', () => subjectAt(path)),
      TE.bind('layers', ({ subject }) => readLayers(directoryOf(subject), flags, context)),
      TE.bind('config', ({ layers, subject }) => TE.fromEither(asUsage(applyConfig(layers, subject)))),
      TE.bind('account', ({ config }) => TE.fromEither(accountOf(config.common, context.env))),
      TE.bind('prepared', ({ subject, config, account }) =>
        prepare(subject, config.common, account, context),
      ),
      TE.chain(({ prepared, config, account }) => withLedger(prepared, config, account, context)),
      // However slowly somebody reads it: the state is given back by now.
      TE.chainFirstTaskK(({ tell }) => tell),
      TE.map(({ exitCode }) => exitCode),
    );

/** How it ended, and what is left to be said of it. */
interface Ending {
  readonly exitCode: ExitCode;
  readonly tell: T.Task<void>;
}

const withLedger = (
  prepared: Prepare,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Ending> =>
  TE.bracket(
    pipe(
      openState(config.common, account, 'apply', context),
      TE.chain((store) => TE.mapLeft(stateError)(openLedger(store))),
    ),
    (ledger) =>
      pipe(
        prepared(ledger),
        TE.chain((task) => decide(task, ledger, config, account, context)),
      ),
    (ledger) => TE.fromTask(ledger.close),
  );

const stateError = (error: LedgerError): CommandError => ({ _tag: 'State', error });

const decide = (
  task: ApplyTask,
  ledger: Ledger,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Ending> => {
  const { plan } = task;
  tellStale(task, config, context);
  const granted = grantedBelow(ledger.facts().budget, config.common.rate);
  // No call waits for somebody to read the plan, unless they are asked.
  const shown =
    plan.changes.length > 0 || task.stale.length === 0
      ? showPlan(plan, granted, config, context)
      : Promise.resolve();
  const afterPlan = (ending: Ending): Ending => ({
    ...ending,
    tell: async () => {
      await shown;
      await ending.tell();
    },
  });
  if (plan.refused.length > 0 && O.isNone(config.force))
    return TE.right(afterPlan({ exitCode: exitCodes.refused, tell: tellRefused(plan, config, context) }));
  return pipe(
    confirm(plan, granted, shown, config, context),
    TE.chain((declined) =>
      O.isSome(declined)
        ? TE.right<CommandError, Ending>({ exitCode: declined.value, tell: T.of(undefined) })
        : run(task, ledger, config, account, context),
    ),
    TE.map(afterPlan),
  );
};

/** none: go on. Otherwise nothing is sent, and this is the exit code. */
const confirm = (
  plan: Plan,
  granted: O.Option<number>,
  shown: Promise<void>,
  { yes, common }: ApplyConfig,
  { terminal }: Context,
): TE.TaskEither<CommandError, O.Option<ExitCode>> => {
  if (yes || !isSomethingToDo(plan)) return TE.right(O.none);
  if (!terminal.interactive)
    return TE.left(usage('nobody can be asked here: give --yes to go on without asking'));
  const what = plan.summary.calls === 0 ? 'Go on' : `Make ${workWords(plan, { rate: common.rate, granted })}`;
  return pipe(
    TE.fromTask<Answer, CommandError>(async () => {
      await shown;
      return terminal.ask(`${what}? Only yes is taken as a yes: `)();
    }),
    TE.map((answer) => {
      if (answer._tag === 'Said' && /^y(es)?$/i.test(answer.text.trim())) return O.none;
      terminal.err('Nothing was sent.\n');
      return O.some(answer._tag === 'Interrupted' ? exitCodes.interrupted : exitCodes.failed);
    }),
  );
};

const run = (
  { plan, input, stale }: ApplyTask,
  ledger: Ledger,
  config: ApplyConfig,
  account: Account,
  context: Context,
): TE.TaskEither<CommandError, Ending> => {
  const { terminal, clock, random } = context;
  const { endpoint } = config.common;
  const client = clientFor(account, endpoint, context);
  const log = makeLog(config.common, context);
  const warning = tlsWarning(endpoint, context.env);
  if (O.isSome(warning)) log(warning.value);
  let interrupted = false;
  let lost: ApplyReport['stoppedBy'] = O.none;
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
      report: (event, { backlog, intervalMs }) => {
        const line = dispatchLine(event);
        if (O.isNone(line)) return;
        const left = backlog.lanes[1] + backlog.lanes[2] + backlog.lanes[3];
        const message = `${line.value.message} (${leftText(backlog.lanes, intervalMs)})`;
        log({ ...line.value, message, fields: { ...line.value.fields, left } });
      },
      onStart: (stop) => {
        stopListening = terminal.onSignal(() => {
          interrupted = true;
          void stop();
        }, exitCodes.interrupted);
        // What another writer may have decided otherwise must not be sent any more.
        void ledger.lost.then((error) => {
          lost = O.some(error);
          client.close();
          void stop();
        });
      },
    }),
    TE.mapLeft(stateError),
    TE.map((ended) => ({ ...ended, stoppedBy: O.alt(() => lost)(ended.stoppedBy) })),
    TE.map((report) => ({
      exitCode: interrupted ? exitCodes.interrupted : exitCodeOf(report, stale),
      tell: tellReport(plan, report, config, context),
    })),
    T.map((result) => {
      stopListening();
      client.close();
      return result;
    }),
  );
};

/** What went wrong weighs more than what was refused. */
const exitCodeOf = (report: ApplyReport, stale: ApplyTask['stale']): ExitCode => {
  const whole = stale.length === 0 && O.isNone(report.stoppedBy) && !report.results.some(isLeftOver);
  if (!whole) return exitCodes.failed;
  return report.refused.length > 0 ? exitCodes.refused : exitCodes.done;
};
