/** Where the daemon works: the real account, or the built-in sandbox. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Account } from '../catapult/credentials.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerError } from '../ledger/store.js';
import { accountOf } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';
import { startPlayground, type Playground } from './playground.js';
import type { WatchConfig } from './watch-config.js';

export interface Place {
  readonly common: CommonConfig;
  readonly account: Account;
  readonly playground: O.Option<Playground>;
  /** It begins with nothing, whatever the ledger remembers. */
  readonly isFresh: boolean;
}

export const placeFor = (config: WatchConfig, context: Context): TE.TaskEither<CommandError, Place> => {
  const { common, sandbox, stateIsSaid } = config;
  if (!sandbox) {
    return TE.fromEither(
      E.map((account: Account) => ({ common, account, playground: O.none, isFresh: false }))(
        accountOf(common, context.env),
      ),
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
      isFresh: !stateIsSaid,
    })),
  );
};

const sandboxState = { _tag: 'Sqlite', path: '.holdfast/sandbox.db' } as const;

/** A sandbox of its own begins with nothing; with a state that was named it goes on where that ledger ends. */
export const enter = ({ playground, isFresh }: Place, ledger: Ledger): TE.TaskEither<LedgerError, void> => {
  if (O.isNone(playground)) return TE.right(undefined);
  if (isFresh)
    return ledger.write([...ledger.records.keys()].map((conference) => ({ _tag: 'Erased', conference })));
  playground.value.recall(ledger.records);
  return TE.right(undefined);
};
