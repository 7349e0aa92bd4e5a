/**
 * The store in one SQLite file.
 *
 * - A writer holds the lease (`sqlite-lease.ts`) and checks it in the transaction of every commit.
 * - Readers take no lease and write no content; in WAL mode they never wait for the writer, nor it for them.
 * - A commit is one transaction with synchronous FULL: kept whole, or not at all.
 * - The file becomes ours in one transaction (tables, mark, version, lease); anything else is left untouched.
 */
import * as nodePath from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Clock } from '../time/clock.js';
import {
  closingOnFailure,
  guarded,
  inTransaction,
  openDatabase,
  run,
  type Database,
  type Opened,
} from './sqlite-database.js';
import { corrupt, isLocked } from './sqlite-failure.js';
import { createFile, identityOf, lookAt, restrictFiles } from './sqlite-files.js';
import { readVersion, upgrade } from './sqlite-format.js';
import { startHeartbeat } from './sqlite-heartbeat.js';
import { releaseLease, renewLease, takeLease } from './sqlite-lease.js';
import { makeReader } from './sqlite-reader.js';
import { readFacts, writeBatch } from './sqlite-rows.js';
import type { Batch, Holder, LedgerError, Store } from './store.js';

export interface WriterOptions {
  readonly holder: Holder;
  /** User id and endpoint. A state that speaks of another account is refused; recording it is the caller's. */
  readonly account: string;
  readonly clock: Clock;
}

export const openSqliteForWriting = (
  path: string,
  location: string,
  options: WriterOptions,
): TaskEither<LedgerError, Store> =>
  guarded(location, async () => {
    const file = nodePath.resolve(path);
    const found = lookAt(file);
    if (found._tag === 'NoDatabase') return corrupt(location, found.detail);
    if (found._tag === 'Absent') createFile(file);
    const database = openDatabase(file, { readOnly: false });
    return closingOnFailure(database, () => takeOver(database, file, location, options));
  });

/** Everything that makes the state ours to write happens in one transaction. */
const takeOver = async (
  database: Database,
  file: string,
  location: string,
  { holder, account, clock }: WriterOptions,
): Opened<Store> => {
  // A commit that was answered survives a power cut: WAL mode promises that only with FULL.
  await run(database.queries, 'pragma synchronous = full');
  const token = await inTransaction(database, 'immediate', async (queries) => {
    const version = await readVersion(queries, location);
    if (E.isLeft(version)) return version;
    await upgrade(queries, version.right);
    const known = await readFacts(queries);
    if (E.isLeft(known)) return corrupt(location, known.left);
    if (O.isSome(known.right.account) && known.right.account.value !== account) {
      return E.left<LedgerError>({
        _tag: 'OtherAccount',
        location,
        known: known.right.account.value,
        asked: account,
      });
    }
    return takeLease(queries, location, holder, clock.now());
  });
  if (E.isLeft(token)) return token;
  const store = makeWriter(database, file, location, token.right, clock);
  try {
    restrictFiles(file);
    await shareWithReaders(database);
    return E.right(store);
  } catch (error) {
    await store.close();
    throw error;
  }
};

/**
 * In WAL mode readers and the writer never wait for each other. The switch is made once and needs a moment
 * alone; when processes crowd on a fresh state, it stays in rollback mode until it is next opened, which is
 * as safe but makes them wait.
 */
const shareWithReaders = async (database: Database): Promise<void> => {
  try {
    await run(database.queries, 'pragma journal_mode = wal');
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
};

const makeWriter = (
  database: Database,
  file: string,
  location: string,
  token: number,
  clock: Clock,
): Store => {
  const identity = identityOf(file);
  const commit: Store['commit'] = (batch) =>
    guarded(location, () =>
      inTransaction(database, 'immediate', async (queries) => {
        // A file that was deleted or replaced still takes writes, and nobody will ever read them.
        const seen = identityOf(file);
        if (seen === '') return E.left({ _tag: 'Unavailable', location, detail: 'the file is gone' });
        if (seen !== identity) return E.left({ _tag: 'LeaseLost', location });
        if (!(await renewLease(queries, token, clock.now()))) return E.left({ _tag: 'LeaseLost', location });
        await writeBatch(queries, batch);
        return E.right(undefined);
      }),
    );
  const stopHeartbeat = startHeartbeat(commit(emptyBatch), clock);
  const giveBack = guarded(location, async () => {
    await releaseLease(database.queries, token);
    await run(database.queries, 'pragma wal_checkpoint(truncate)');
    return E.right(undefined);
  });
  const reader = makeReader(database, location, clock.now);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopHeartbeat();
    // When it cannot be given back, the heartbeat lapses.
    await giveBack();
    await reader.close();
  };
  return { load: reader.load, history: reader.history, commit, close: () => (closing ??= close()) };
};

const emptyBatch: Batch = { records: new Map(), calls: [], facts: O.none, forced: [] };
