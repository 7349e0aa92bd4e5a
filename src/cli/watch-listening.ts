/** What `watch --listen` serves, and what it says of that. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Condition } from '../reconcile/condition.js';
import { listen, type Listening } from '../reconcile/endpoints.js';
import type { EventHint } from '../reconcile/event-hint.js';
import type { EventIntake } from '../reconcile/event-intake.js';
import type { HookIntake } from '../reconcile/hook-intake.js';
import type { Metrics } from '../reconcile/metrics.js';
import { makeStatusInTurns } from '../reconcile/status-in-turns.js';
import type { LogLine } from '../render/log.js';
import { gathered, mapped } from '../render/pieces.js';
import { readinessOf } from '../render/readiness.js';
import { statusJsonPieces } from '../render/status-json.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { eventsVariable } from './events-secret.js';
import type { CommandError } from './exit.js';
import { makeHideGiven } from './given-secrets.js';
import { hookVariable } from './hook-secret.js';
import type { WatchConfig } from './watch-config.js';

/** What is taken from outside; none: it is not. */
export interface Intakes {
  readonly events: O.Option<EventIntake>;
  readonly hooks: O.Option<HookIntake>;
}

export const intakesFor = (
  { eventsSecrets, hookSecrets, git }: WatchConfig,
  { countEvent, countHook }: Metrics,
  hear: (hint: EventHint) => void,
  fetch: IO<void>,
  { clock }: Context,
): Intakes => ({
  events: eventsSecrets.length === 0 ? O.none : O.some({ secrets: eventsSecrets, hear, count: countEvent }),
  hooks:
    hookSecrets.length === 0 || O.isNone(git)
      ? O.none
      : O.some({
          secrets: hookSecrets,
          branch: () => git.value.branch,
          fetch,
          count: countHook,
          now: clock.now,
        }),
});

export const startListening = (
  address: WatchConfig['listen'],
  condition: () => Condition,
  ledger: Ledger,
  metrics: Metrics,
  common: CommonConfig,
  intakes: Intakes,
  { process, clock, env }: Context,
): TE.TaskEither<CommandError, O.Option<Listening>> => {
  if (O.isNone(address)) return TE.right(O.none);
  const hide = makeHideGiven(env);
  const writer = O.some({ ...process, command: 'watch' });
  const status = makeStatusInTurns(
    () => ({ records: ledger.records, facts: ledger.facts(), writer }),
    common,
  );
  const { host, port } = address.value;
  return pipe(
    listen(host, port, {
      readiness: () => {
        const { ready, reasons } = readinessOf(condition());
        return { ready, reasons: reasons.map(hide) };
      },
      metrics: async () => ({
        text: await metrics.text(condition(), await status(), clock),
        contentType: metrics.contentType,
      }),
      status: async () => gathered(mapped(statusJsonPieces(await status()), (piece) => [hide(piece)])),
      ...intakes,
    }),
    TE.bimap(
      (message): CommandError => ({ _tag: 'Environment', message: `--listen ${host}:${port}: ${message}` }),
      O.some,
    ),
  );
};

/** What listens where, and what is told a secret that it has no use for. */
export const listeningLines = (
  listening: O.Option<Listening>,
  { events, hooks }: Intakes,
  { eventsSecrets, hookSecrets }: WatchConfig,
): readonly LogLine[] => {
  if (O.isSome(listening)) {
    const { address } = listening.value;
    const also = [
      ...(O.isSome(events) ? ['events of the API at /events/…'] : []),
      ...(O.isSome(hooks) ? ['webhooks of the git server at /hooks/git'] : []),
    ];
    const message = [`status, metrics and health at ${address}`, ...also].join('; ');
    return [
      { level: 'info', event: 'started', message, fields: { listen: address } },
      ...(O.isNone(hooks) && hookSecrets.length > 0
        ? [unheardLine(`${hookVariable} is set, but no webhooks are taken without --git`)]
        : []),
    ];
  }
  return [
    ...(eventsSecrets.length > 0
      ? [unheardLine(`${eventsVariable} is set, but no events are taken without --listen`)]
      : []),
    ...(hookSecrets.length > 0
      ? [unheardLine(`${hookVariable} is set, but no webhooks are taken without --listen`)]
      : []),
  ];
};

const unheardLine = (message: string): LogLine => ({ level: 'warn', event: 'hint', message, fields: {} });
