/** Takes the state for writing. Whoever waits for it is told why, and can stop waiting by a signal. */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import { openForWriting } from '../ledger/open-store.js';
import type { Holder, Store } from '../ledger/store.js';
import { waitingForHolderText } from '../render/ledger-error.js';
import { accountName } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError } from './exit.js';
import { makeLog } from './logger.js';

export const openState =
  (
    config: CommonConfig,
    account: Pick<Account, 'userId'>,
    command: 'apply' | 'watch',
    context: Context,
  ): TaskEither<CommandError, Store> =>
  async () => {
    const whenStopped = command === 'watch' ? exitCodes.done : exitCodes.interrupted;
    const waiting = { stopped: false, end: (): void => undefined };
    const opened = await openForWriting(config.state, {
      holder: { ...context.process, command },
      account: accountName(account, config.endpoint),
      clock: context.clock,
      onWait: (holder, giveUp) => {
        const stop = (): void => {
          waiting.stopped = true;
          giveUp();
        };
        const stopListening = context.terminal.onSignal(stop, whenStopped);
        const stopTelling = tellSoon(holder, config, context);
        waiting.end = () => {
          stopListening();
          stopTelling();
        };
      },
    })();
    waiting.end();
    if (waiting.stopped) {
      if (E.isRight(opened)) await opened.right.close();
      return E.left({ _tag: 'Stopped', exitCode: whenStopped });
    }
    return pipe(
      opened,
      E.mapLeft((error): CommandError => ({ _tag: 'State', error })),
    );
  };

/** Most waiting is over before anybody wonders. */
const tellAfterMs = 1_000;

const tellSoon = (holder: Holder, config: CommonConfig, context: Context): IO<void> =>
  context.clock.after(tellAfterMs, () => {
    const message = waitingForHolderText(holder);
    makeLog(config, context)({ level: 'info', event: 'waiting', message, fields: { pid: holder.pid } });
  });
