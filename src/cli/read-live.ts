/** `plan --refresh`: one GET of every declared conference, within the budget, with progress. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DispatchEvent, DispatcherView } from '../apply/dispatch-event.js';
import { makeDispatcher } from '../apply/dispatcher.js';
import { untilReported } from '../apply/patience.js';
import { noSpareReads } from '../apply/spare.js';
import type { Account } from '../catapult/credentials.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Facts } from '../ledger/store.js';
import { evidenceText } from '../render/evidence.js';
import { leftText } from '../render/progress.js';
import { clientFor } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';
import { tlsWarning } from './tls-warning.js';

/** `facts`: what the API grants. A conference that cannot be read is told and left out; an account that does not work is an error. */
export const readLive =
  (
    conferences: readonly ConferenceId[],
    facts: Facts,
    account: Account,
    config: CommonConfig,
    context: Context,
  ): TE.TaskEither<CommandError, ReadonlyMap<ConferenceId, Live>> =>
  async () => {
    const client = clientFor(account, config.endpoint, context);
    const warning = tlsWarning(config.endpoint, context.env);
    if (O.isSome(warning)) context.terminal.err(`${warning.value.message}\n`);
    const live = new Map<ConferenceId, Live>();
    const dispatcher = makeDispatcher({
      // Reading leaves nothing behind: what a plan costs is calls, not knowledge.
      ledger: {
        records: new Map(),
        nextCall: () => 0,
        write: () => TE.right(undefined),
        facts: () => facts,
        writeFacts: () => TE.right(undefined),
      },
      catapult: client,
      clock: context.clock,
      random: context.random,
      patience: untilReported,
      force: O.none,
      rate: config.rate,
      revision: () => ({ revision: '', commit: O.none }),
      decide: (conference) => ({ _tag: 'None', conference, name: O.none, read: true }),
      need: () => O.none,
      spare: noSpareReads,
      isAhead: false,
      onLedgerError: () => undefined,
      report: (event) => {
        if (event._tag === 'Looked') live.set(event.change.conference, event.live);
        tell(event, dispatcher.view(), context);
      },
    });
    dispatcher.submit(
      conferences.map((conference) => ({ conference, lane: 3, declaration: '', delayMs: 0, attempts: 0 })),
    );
    await dispatcher.idle();
    client.close();
    const { stoppedBy } = dispatcher.view();
    if (O.isNone(stoppedBy) || !('evidence' in stoppedBy.value)) return { _tag: 'Right', right: live };
    const message = `the API could not be read: ${evidenceText(stoppedBy.value.evidence)}`;
    return { _tag: 'Left', left: { _tag: 'Environment', message } };
  };

const tell = (event: DispatchEvent, view: DispatcherView, { terminal }: Context): void => {
  if (event._tag === 'LookFailed' && O.isNone(event.retryAfterMs)) {
    terminal.err(`${event.change.conference} could not be read: ${evidenceText(event.failure.evidence)}\n`);
  } else if (event._tag === 'Looked') {
    terminal.err(`read ${event.change.conference}, ${leftText(view.backlog.lanes, view.intervalMs)}\n`);
  }
};
