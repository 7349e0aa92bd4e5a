/** `holdfast watch`: keeps the conferences as declared, until stopped. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import type { Desired } from '../desired/desired.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import type { LedgerError, Rate } from '../ledger/store.js';
import { statusOf } from '../plan/status.js';
import type { Condition } from '../reconcile/condition.js';
import { nothingWaits, type DispatchEvent } from '../apply/dispatch-event.js';
import { startDaemon, type Daemon } from '../reconcile/daemon.js';
import type { DriftRules } from '../reconcile/drift-watch.js';
import type { EventHint } from '../reconcile/event-hint.js';
import type { EventIntake } from '../reconcile/event-intake.js';
import { listen, type Listening } from '../reconcile/endpoints.js';
import { makeMetrics, type Metrics } from '../reconcile/metrics.js';
import { readinessOf } from '../render/readiness.js';
import { daemonLine } from '../render/daemon-log.js';
import { count } from '../render/duration.js';
import type { LogLine } from '../render/log.js';
import { statusJsonText } from '../render/status-json.js';
import { makeDirectorySource } from '../source/directory.js';
import { watchDirectory } from '../source/watch-directory.js';
import { accountName, accountOf, clientFor } from './account.js';
import {
  commonConfig,
  driftConfig,
  driftEveryConfig,
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
import { eventsSecrets, eventsVariable, makeHideEvents } from './events-secret.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { makeGuide } from './guide.js';
import { makeLog, type Log } from './logger.js';
import { openState } from './open-state.js';
import { startPlayground, type Playground } from './playground.js';
import { tlsWarning } from './tls-warning.js';

interface WatchConfig {
  readonly common: CommonConfig;
  readonly listen: O.Option<ListenAddress>;
  /** Empty: no events are taken. */
  readonly eventsSecrets: readonly string[];
  readonly sandbox: boolean;
  readonly drift: DriftRules;
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
    eventsSecrets: eventsSecrets(layers.env),
    sandbox: switchConfig(layers, 'sandbox'),
    drift: together({ mode: driftConfig(layers), everyMs: driftEveryConfig(layers) }),
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
      TE.chain((store) =>
        pipe(
          openLedger(store),
          TE.chainFirst((ledger) =>
            pipe(
              enter(place, config, ledger),
              TE.orElseFirstTaskK(() => ledger.close),
            ),
          ),
          TE.mapLeft(stateError),
        ),
      ),
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
  place: Place,
  ledger: Ledger,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> => {
  const log = makeLog(place.common, context);
  const metrics = makeMetrics();
  // Signals first, endpoints second: whoever asks or stops early is heard.
  const signal = untilSignal(context);
  let daemon: O.Option<Daemon> = O.none;
  const condition = (): Condition => (O.isSome(daemon) ? daemon.value.condition() : notStarted);
  const events = intakeFor(config, metrics, (hint) => {
    if (O.isSome(daemon)) daemon.value.hear(hint);
  });
  return TE.bracket(
    startListening(config.listen, condition, ledger, metrics, place.common, events, context),
    (listening) => async () => {
      log(startedLine(hideSecrets(directory), place.common, place.playground));
      const unverified = tlsWarning(place.common.endpoint, context.env);
      if (O.isSome(unverified)) log(unverified.value);
      if (O.isSome(listening)) log(listeningLine(listening.value, events));
      if (O.isNone(listening) && O.isSome(events)) log(unheardLine);
      const started = startDaemonAt(directory, config, place, ledger, metrics, log, context);
      daemon = O.some(started);
      const end = await keepWatching(directory, started, ledger, signal, log);
      if (end._tag === 'Lost') return E.left(stateError(end.error));
      log({ level: 'info', event: 'stopped', message: 'stopped', fields: { signal: end.signal } });
      return E.right(exitCodes.done);
    },
    (listening) => TE.fromTask(O.isSome(listening) ? listening.value.close : () => Promise.resolve()),
  );
};

const startDaemonAt = (
  directory: string,
  { drift }: WatchConfig,
  { common, account, playground }: Place,
  ledger: Ledger,
  metrics: Metrics,
  log: Log,
  context: Context,
): Daemon => {
  const { clock, random } = context;
  let desired: Desired = new Map();
  const guide = O.isSome(playground) ? makeGuide(common, () => desired, log, context) : () => undefined;
  const client = clientFor(account, common.endpoint, context);
  // What another writer may have decided otherwise must not be sent any more.
  void ledger.lost.then(client.close);
  const daemon = startDaemon({
    observe: makeDirectorySource(directory, clock.now).observe,
    ledger,
    account: accountName(account, common.endpoint),
    catapult: client,
    clock,
    random,
    rules: common,
    drift,
    prepare: (declared) => {
      desired = declared;
      if (O.isSome(playground)) playground.value.populate(declared);
    },
    report: (event) => {
      const line = daemonLine(event, common.rate);
      if (O.isSome(line)) log(line.value);
      if (event._tag === 'Dispatched')
        metrics.count(event.event, clock.elapsed(), declaredSince(ledger, event.event));
      guide(event);
    },
  });
  return {
    ...daemon,
    stop: async () => {
      await daemon.stop();
      client.close();
    },
  };
};

const declaredSince = ({ records }: Ledger, event: DispatchEvent): O.Option<number> =>
  event._tag === 'Called' ? (records.get(event.change.conference)?.declaredSinceMs ?? O.none) : O.none;

/** Looks are taken meanwhile: watching a large tree takes a moment to begin. */
const keepWatching = async (
  directory: string,
  daemon: Daemon,
  ledger: Ledger,
  signal: Promise<End>,
  log: Log,
): Promise<End> => {
  const watching = watchDirectory(directory, daemon.hint, (message) => log(warning(message)))();
  const lost = Promise.race([daemon.lost, ledger.lost]).then((error): End => ({ _tag: 'Lost', error }));
  const end = await Promise.race([signal, lost]);
  await daemon.stop();
  await (await watching).close();
  return end;
};

type End =
  | { readonly _tag: 'Signal'; readonly signal: string }
  | { readonly _tag: 'Lost'; readonly error: LedgerError };

const untilSignal = ({ terminal }: Context): Promise<End> =>
  new Promise((resolve) => {
    void terminal.onSignal((signal) => resolve({ _tag: 'Signal', signal }), exitCodes.done);
  });

const notStarted: Condition = {
  started: false,
  alerts: [],
  stateError: O.none,
  dispatcher: nothingWaits,
};

const startListening = (
  address: WatchConfig['listen'],
  condition: () => Condition,
  ledger: Ledger,
  metrics: Metrics,
  common: CommonConfig,
  events: O.Option<EventIntake>,
  { process, clock, env }: Context,
): TE.TaskEither<CommandError, O.Option<Listening>> => {
  if (O.isNone(address)) return TE.right(O.none);
  const hide = makeHideEvents(env);
  const status = () => {
    const writer = O.some({ ...process, command: 'watch' });
    return statusOf({ records: ledger.records, facts: ledger.facts(), writer }, common);
  };
  const { host, port } = address.value;
  return pipe(
    listen(host, port, {
      readiness: () => {
        const { ready, reasons } = readinessOf(condition());
        return { ready, reasons: reasons.map(hide) };
      },
      metrics: async () => ({
        text: await metrics.text(condition(), status(), clock),
        contentType: metrics.contentType,
      }),
      status: () => hide(statusJsonText(status())),
      events,
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

const intakeFor = (
  { eventsSecrets: secrets }: WatchConfig,
  { countEvent }: Metrics,
  hear: (hint: EventHint) => void,
): O.Option<EventIntake> => (secrets.length === 0 ? O.none : O.some({ secrets, hear, count: countEvent }));

const listeningLine = ({ address }: Listening, events: O.Option<EventIntake>): LogLine => ({
  level: 'info',
  event: 'started',
  message: `status, metrics and health at ${address}${O.isSome(events) ? '; events of the API at /events/…' : ''}`,
  fields: { listen: address },
});

const unheardLine: LogLine = {
  level: 'warn',
  event: 'hint',
  message: `${eventsVariable} is set, but no events are taken without --listen`,
  fields: {},
};

const warning = (message: string): LogLine => ({ level: 'warn', event: 'waiting', message, fields: {} });
