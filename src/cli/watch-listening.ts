/** What `watch --listen` serves, and what it says of that. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Ledger } from '../ledger/ledger.js';
import { statusOf } from '../plan/status.js';
import type { Condition } from '../reconcile/condition.js';
import { listen, type Listening } from '../reconcile/endpoints.js';
import type { EventHint } from '../reconcile/event-hint.js';
import type { EventIntake } from '../reconcile/event-intake.js';
import type { Metrics } from '../reconcile/metrics.js';
import type { LogLine } from '../render/log.js';
import { readinessOf } from '../render/readiness.js';
import { statusJsonText } from '../render/status-json.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { eventsVariable, makeHideEvents } from './events-secret.js';
import type { CommandError } from './exit.js';
import type { WatchConfig } from './watch-config.js';

export const startListening = (
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
      hooks: O.none,
    }),
    TE.bimap(
      (message): CommandError => ({ _tag: 'Environment', message: `--listen ${host}:${port}: ${message}` }),
      O.some,
    ),
  );
};

export const intakeFor = (
  { eventsSecrets: secrets }: WatchConfig,
  { countEvent }: Metrics,
  hear: (hint: EventHint) => void,
): O.Option<EventIntake> => (secrets.length === 0 ? O.none : O.some({ secrets, hear, count: countEvent }));

export const listeningLine = ({ address }: Listening, events: O.Option<EventIntake>): LogLine => ({
  level: 'info',
  event: 'started',
  message: `status, metrics and health at ${address}${O.isSome(events) ? '; events of the API at /events/…' : ''}`,
  fields: { listen: address },
});

export const unheardLine: LogLine = {
  level: 'warn',
  event: 'hint',
  message: `${eventsVariable} is set, but no events are taken without --listen`,
  fields: {},
};
