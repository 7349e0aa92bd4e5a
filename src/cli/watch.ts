/** `holdfast watch`: keeps the conferences as declared, until stopped. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { nothingWaits } from '../apply/dispatch-event.js';
import { openLedger, type Ledger } from '../ledger/ledger.js';
import type { Facts, LedgerError, Rate, RevisionInForce } from '../ledger/store.js';
import type { Condition } from '../reconcile/condition.js';
import type { Daemon } from '../reconcile/daemon.js';
import type { EventHint } from '../reconcile/event-hint.js';
import { makeMetrics, type Metrics } from '../reconcile/metrics.js';
import { count } from '../render/duration.js';
import type { LogLine } from '../render/log.js';
import { clonePathFor } from './clone-path.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { makeLog } from './logger.js';
import { openState } from './open-state.js';
import { tlsWarning } from './tls-warning.js';
import { watchConfig, type WatchConfig } from './watch-config.js';
import { startDaemonWith } from './watch-daemon.js';
import { intakesFor, listeningLines, startListening } from './watch-listening.js';
import { enter, placeFor, type Place } from './watch-place.js';
import { directorySource, repositorySource, type Following, type WatchSource } from './watch-source.js';

export const watch =
  (directory: string | undefined, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory ?? defaultDirectory, flags, context),
      TE.chainEitherK((layers) => asUsage(watchConfig(layers))),
      TE.filterOrElse(
        ({ git }) => O.isNone(git) || directory === undefined,
        () =>
          usage('DIR and --git exclude each other: leave one out; --path is the folder in the repository'),
      ),
      TE.chain((config) =>
        TE.bracket(
          placeFor(config, context),
          (place) => withLedger(directory ?? defaultDirectory, config, place, context),
          ({ playground }) =>
            TE.fromTask(O.isSome(playground) ? playground.value.close : () => Promise.resolve()),
        ),
      ),
    );

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
              enter(place, ledger),
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
  let following: O.Option<Following> = O.none;
  const hear = (hint: EventHint): void => {
    if (O.isSome(daemon)) daemon.value.hear(hint);
  };
  // Before it has begun there is nothing to ask for: it begins with a fetch.
  const fetch = (): void => {
    if (O.isSome(following)) following.value.refresh();
  };
  const intakes = intakesFor(config, metrics, hear, fetch, context);
  const source = sourceFor(directory, config, place, ledger, metrics, context);
  return TE.bracket(
    startListening(config.listen, condition, ledger, metrics, place.common, intakes, context),
    (listening) => async () => {
      log(startedLine(source.name, place.common, place.playground));
      const unverified = tlsWarning(place.common.endpoint, context.env);
      if (O.isSome(unverified)) log(unverified.value);
      for (const line of listeningLines(listening, intakes, config)) log(line);
      const started = startDaemonWith({ config, place, ledger, source, metrics, log }, context);
      daemon = O.some(started);
      const followed = source.follow(started.hint, (message) => log(warning(message)));
      following = O.some(followed);
      const end = await keepWatching(started, followed, ledger, signal, context);
      if (end._tag === 'Lost') return E.left(stateError(end.error));
      log({ level: 'info', event: 'stopped', message: 'stopped', fields: { signal: end.signal } });
      return E.right(exitCodes.done);
    },
    (listening) => TE.fromTask(O.isSome(listening) ? listening.value.close : () => Promise.resolve()),
  );
};

const sourceFor = (
  directory: string,
  { git }: WatchConfig,
  { common, isFresh }: Place,
  ledger: Ledger,
  { countFetch }: Metrics,
  context: Context,
): WatchSource =>
  O.isNone(git)
    ? directorySource(directory, context)
    : repositorySource(
        git.value,
        {
          clonePath: clonePathFor(common.state),
          before: isFresh ? O.none : followedBefore(ledger.facts()),
          onFetched: (result) => countFetch(result, context.clock.now()),
        },
        context,
      );

/** A state from before that was kept has the revision alone. */
const followedBefore = ({ followed, revision }: Facts): O.Option<string> =>
  O.alt(() => O.map((last: RevisionInForce) => last.revision)(revision))(followed);

const keepWatching = async (
  daemon: Daemon,
  following: Following,
  ledger: Ledger,
  signal: Promise<End>,
  { terminal }: Context,
): Promise<End> => {
  const stopRefreshing = terminal.onReload(following.refresh);
  const lost = Promise.race([daemon.lost, ledger.lost]).then((error): End => ({ _tag: 'Lost', error }));
  const end = await Promise.race([signal, lost]);
  stopRefreshing();
  // The daemon may be waiting for what the source has begun.
  await Promise.all([daemon.stop(), following.stop()]);
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

const stateError = (error: LedgerError): CommandError => ({ _tag: 'State', error });

const startedLine = (
  source: string,
  { endpoint, rate }: CommonConfig,
  playground: Place['playground'],
): LogLine => ({
  level: 'info',
  event: 'started',
  message: O.isSome(playground)
    ? `watching ${source}; the built-in sandbox answers at ${endpoint}, ${rateText(rate)}. Ctrl-C stops`
    : `watching ${source}; calls go to ${endpoint}, ${rateText(rate)}. Ctrl-C stops`,
  fields: { directory: source, endpoint, rate },
});

const rateText = (rate: Rate): string =>
  rate === 'unlimited' ? 'without a limit' : `at most ${count(rate, 'call')} a second`;

const warning = (message: string): LogLine => ({ level: 'warn', event: 'waiting', message, fields: {} });
