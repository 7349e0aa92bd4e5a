/** `holdfast watch`: keeps the conferences as declared, until stopped. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import type { Desired } from '../desired/desired.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import type { LedgerError } from '../ledger/store.js';
import { statusOf } from '../plan/status.js';
import { startDaemon, type Daemon } from '../reconcile/daemon.js';
import { listen, type Listening } from '../reconcile/endpoints.js';
import { makeMetrics, type Metrics } from '../reconcile/metrics.js';
import type { Rate } from '../plan/plan.js';
import { readinessOf } from '../render/readiness.js';
import { daemonLine } from '../render/daemon-log.js';
import { count } from '../render/duration.js';
import type { LogLine } from '../render/log.js';
import { statusJsonText } from '../render/status.js';
import { makeDirectorySource } from '../source/directory.js';
import { watchDirectory } from '../source/watch-directory.js';
import { accountName, accountOf, clientFor } from './account.js';
import {
  commonConfig,
  isStateSaid,
  listenConfig,
  switchConfig,
  together,
  type CommonConfig,
  type Layers,
  type ListenAddress,
  type Problems,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { makeGuide } from './guide.js';
import { makeLog } from './logger.js';
import { openState } from './open-state.js';
import { startPlayground, type Playground } from './playground.js';

interface WatchConfig {
  readonly common: CommonConfig;
  readonly listen: O.Option<ListenAddress>;
  readonly sandbox: boolean;
  readonly stateIsSaid: boolean;
}

/** Where the daemon works: the real account, or the built-in sandbox. */
interface Place {
  readonly common: CommonConfig;
  readonly account: Account;
  readonly playground: O.Option<Playground>;
}

export const watch =
  (directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(watchConfig(layers))),
      TE.chain((config) =>
        TE.bracket(
          placeFor(config, context),
          (place) => withLedger(directory, config, place, context),
          ({ playground }) =>
            TE.fromTask(O.isSome(playground) ? playground.value.close : () => Promise.resolve()),
        ),
      ),
    );

const watchConfig = (layers: Layers): E.Either<Problems, WatchConfig> =>
  together({
    common: commonConfig(layers),
    listen: listenConfig(layers),
    sandbox: switchConfig(layers, 'sandbox'),
    stateIsSaid: E.right<Problems, boolean>(isStateSaid(layers)),
  });

const placeFor = (config: WatchConfig, context: Context): TE.TaskEither<CommandError, Place> => {
  const { common, sandbox, stateIsSaid } = config;
  if (!sandbox) {
    return TE.fromEither(
      E.map((account: Account) => ({ common, account, playground: O.none }))(accountOf(common, context.env)),
    );
  }
  const userId = O.getOrElse(() => 'u-sandbox')(common.userId);
  return pipe(
    startPlayground(userId, common.rate, context.clock.now),
    TE.map((playground) => ({
      // What happens in the sandbox has no place in the ledger of a real account.
      common: { ...common, endpoint: playground.endpoint, state: stateIsSaid ? common.state : sandboxState },
      account: playground.account,
      playground: O.some(playground),
    })),
  );
};

const sandboxState = { _tag: 'Sqlite', path: '.holdfast/sandbox.db' } as const;

const withLedger = (
  directory: string,
  config: WatchConfig,
  place: Place,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  TE.bracket(
    pipe(
      openState(place.common, place.account, 'watch', context),
      TE.chain(openLedger),
      TE.chainFirst((ledger) => enter(place, config, ledger)),
      TE.mapLeft(stateError),
    ),
    (ledger) => run(directory, config, place, ledger, context),
    (ledger) => TE.fromTask(ledger.close),
  );

/** A sandbox of its own begins with nothing; with a state that was named it goes on where that ledger ends. */
const enter = (
  { playground }: Place,
  { stateIsSaid }: WatchConfig,
  ledger: Ledger,
): TE.TaskEither<LedgerError, void> => {
  if (O.isNone(playground)) return TE.right(undefined);
  if (!stateIsSaid)
    return ledger.write([...ledger.records.keys()].map((conference) => ({ _tag: 'Erased', conference })));
  playground.value.recall(ledger.records);
  return TE.right(undefined);
};

const run = (
  directory: string,
  config: WatchConfig,
  { common, account, playground }: Place,
  ledger: Ledger,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  const log = makeLog(common, context);
  const metrics = makeMetrics();
  const client = clientFor(account, common.endpoint, context);
  const { clock, random } = context;
  let desired: Desired = new Map();
  const guide = O.isSome(playground) ? makeGuide(common, () => desired, log) : () => undefined;
  log(startedLine(directory, common, playground));
  const daemon = startDaemon({
    observe: makeDirectorySource(directory, clock.now).observe,
    ledger,
    account: accountName(account, common.endpoint),
    catapult: client,
    clock,
    random,
    rules: common,
    prepare: (declared) => {
      desired = declared;
      if (O.isSome(playground)) playground.value.populate(declared);
    },
    report: (event) => {
      const line = daemonLine(event, common.rate);
      if (O.isSome(line)) log(line.value);
      if (event._tag === 'Dispatched') metrics.count(event.event);
      guide(event);
    },
  });
  return pipe(
    startListening(config.listen, daemon, ledger, metrics, common, context),
    TE.chainTaskK((listening) => async () => {
      if (O.isSome(listening)) log(listeningLine(listening.value));
      const watching = await watchDirectory(directory, daemon.hint, (message) => log(warning(message)))();
      const end = await untilEnd(daemon, context);
      await watching.close();
      if (O.isSome(listening)) await listening.value.close();
      return end;
    }),
    TE.chainFirstTaskK(() => daemon.stop),
    TE.chainFirstIOK(() => client.close),
    TE.chain((end) => {
      if (end._tag === 'Lost') return TE.left<CommandError, ExitCode>(stateError(end.error));
      log({ level: 'info', event: 'stopped', message: 'stopped', fields: { signal: end.signal } });
      return TE.right<CommandError, ExitCode>(exitCodes.done);
    }),
  );
};

type End =
  | { readonly _tag: 'Signal'; readonly signal: string }
  | { readonly _tag: 'Lost'; readonly error: LedgerError };

const untilEnd = (daemon: Daemon, { terminal }: Context): Promise<End> =>
  Promise.race([
    new Promise<End>((resolve) => {
      void terminal.onSignal((signal) => resolve({ _tag: 'Signal', signal }), exitCodes.done);
    }),
    daemon.lost.then((error): End => ({ _tag: 'Lost', error })),
  ]);

const startListening = (
  address: WatchConfig['listen'],
  daemon: Daemon,
  ledger: Ledger,
  metrics: Metrics,
  { rate }: CommonConfig,
  { process, clock }: Context,
): TE.TaskEither<CommandError, O.Option<Listening>> => {
  if (O.isNone(address)) return TE.right(O.none);
  const sinceMs = clock.now();
  const status = () => {
    const writer = O.some({ ...process, command: 'watch', sinceMs });
    return statusOf({ records: ledger.records, facts: ledger.facts(), lastCall: 0, writer }, rate);
  };
  const { host, port } = address.value;
  return pipe(
    listen(host, port, {
      readiness: () => readinessOf(daemon.condition()),
      metrics: async () => ({
        text: await metrics.text(daemon.condition(), status().summary),
        contentType: metrics.contentType,
      }),
      status: () => statusJsonText(status()),
    }),
    TE.bimap(
      (message): CommandError => ({ _tag: 'Environment', message: `--listen ${host}:${port}: ${message}` }),
      O.some,
    ),
  );
};

const stateError = (error: LedgerError): CommandError => ({ _tag: 'State', error });

const startedLine = (
  directory: string,
  { endpoint, rate }: CommonConfig,
  playground: Place['playground'],
): LogLine => ({
  level: 'info',
  event: 'started',
  message: O.isSome(playground)
    ? `watching ${directory}; the built-in sandbox answers at ${endpoint}, ${rateText(rate)}. Ctrl-C stops`
    : `watching ${directory}; calls go to ${endpoint}, ${rateText(rate)}. Ctrl-C stops`,
  fields: { directory, endpoint, rate },
});

const rateText = (rate: Rate): string =>
  rate === 'unlimited' ? 'without a limit' : `at most ${count(rate, 'call')} a second`;

const listeningLine = ({ address }: Listening): LogLine => ({
  level: 'info',
  event: 'started',
  message: `status, metrics and health at ${address}`,
  fields: { listen: address },
});

const warning = (message: string): LogLine => ({ level: 'warn', event: 'waiting', message, fields: {} });
