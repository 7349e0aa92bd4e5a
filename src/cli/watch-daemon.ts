/** The daemon with everything it is given: the client, the log, the metrics, and the guide through the sandbox. */
import * as O from 'fp-ts/lib/Option.js';
import type { DispatchEvent } from '../apply/dispatch-event.js';
import type { Desired } from '../desired/desired.js';
import type { Ledger } from '../ledger/ledger.js';
import { startDaemon, type Daemon } from '../reconcile/daemon.js';
import type { Metrics } from '../reconcile/metrics.js';
import { daemonLine } from '../render/daemon-log.js';
import { accountName, clientFor } from './account.js';
import type { Context } from './context.js';
import { makeGuide } from './guide.js';
import type { Log } from './logger.js';
import type { WatchConfig } from './watch-config.js';
import type { Place } from './watch-place.js';
import type { WatchSource } from './watch-source.js';

export interface DaemonParts {
  readonly config: WatchConfig;
  readonly place: Place;
  readonly ledger: Ledger;
  readonly source: WatchSource;
  readonly metrics: Metrics;
  readonly log: Log;
}

export const startDaemonWith = (
  { config, place, ledger, source, metrics, log }: DaemonParts,
  context: Context,
): Daemon => {
  const { clock, random } = context;
  const { common, account, playground } = place;
  let desired: Desired = new Map();
  const guide = O.isSome(playground)
    ? makeGuide({ common, git: config.git }, () => desired, log, context)
    : () => undefined;
  const client = clientFor(account, common.endpoint, context);
  // What another writer may have decided otherwise must not be sent any more.
  void ledger.lost.then(client.close);
  const daemon = startDaemon({
    observe: source.observe,
    glimpse: source.glimpse,
    ledger,
    account: accountName(account, common.endpoint),
    catapult: client,
    clock,
    random,
    rules: common,
    drift: config.drift,
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
