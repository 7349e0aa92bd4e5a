/** Takes the state for writing. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Account } from '../catapult/credentials.js';
import { openForWriting } from '../ledger/open-store.js';
import type { LedgerError, Store } from '../ledger/store.js';
import { accountName } from './account.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';

export const openState = (
  { state, endpoint }: CommonConfig,
  account: Pick<Account, 'userId'>,
  command: 'apply' | 'watch',
  { clock, process }: Context,
): TaskEither<LedgerError, Store> =>
  openForWriting(state, {
    holder: { ...process, command },
    account: accountName(account, endpoint),
    clock,
  });
