/**
 * The store in one SQLite file.
 *
 * - A writer holds the lease (`lease.ts`) and renews it in the transaction of every commit.
 * - Readers take no lease and write no content; in WAL mode they never wait for the writer, nor it for them.
 * - A commit is one transaction with synchronous FULL: kept whole, or not at all.
 * - The file becomes ours in one transaction (tables, mark, version, lease); anything else is left untouched.
 */
import * as nodePath from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Clock } from '../time/clock.js';
import { makeCommitTurns } from './commit-turns.js';
import { takeWatching, type Seen, type Undecided, type WatchOptions } from './lease-watch.js';
import {
  closingOnFailure,
  guarded,
  inOneGo,
  inTransaction,
  openDatabase,
  run,
  type Database,
  type Opened,
} from './sqlite-database.js';
import { writeBatch } from './sqlite-batch.js';
import { corrupt, isLocked } from './sqlite-failure.js';
import { createFile, identityOf, lookAt, restrictFiles } from './sqlite-files.js';
import { readVersion, upgrade } from './sqlite-format.js';
import { startHeartbeat } from './sqlite-heartbeat.js';
import { releaseLease, renewLease, takeLease } from './sqlite-lease.js';
import { makeReader } from './sqlite-reader.js';
import { readFacts } from './sqlite-rows.js';
import type { Batch, Holder, LedgerError, Store } from './store.js';

export interface WriterOptions {
  readonly holder: Holder;
  /** User id and endpoint. A state that speaks of another account is refused; recording it is the caller's. */
  readonly account: string;
  readonly clock: Clock;
  /** Opening may wait for up to 10 s to see whether a holder still lives (`lease-watch.ts`). */
  readonly onWait: WatchOptions['onWait'];
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
    // Before anything can take the place of the file that was opened.
    const identity = identityOf(file);
    return closingOnFailure(database, () => takeOver(database, { file, identity, location }, options));
  });

/** The file behind a store, and how people call it. */
interface Whereabouts {
  readonly file: string;
  readonly identity: string;
  readonly location: string;
}

const takeOver = async (database: Database, where: Whereabouts, options: WriterOptions): Opened<Store> => {
  // A commit that was answered survives a power cut: WAL mode promises that only with FULL.
  await run(database.queries, 'pragma synchronous = full');
  const token = await takeWatching((first) => tryToTake(database, where.location, options, first), options);
  if (E.isLeft(token)) return token;
  const store = makeWriter(database, where, token.right, options.clock);
  try {
    restrictFiles(where.file);
    await shareWithReaders(database);
    return E.right(store);
  } catch (error) {
    await store.close();
    throw error;
  }
};

/** Everything that makes the state ours to write happens in one transaction. Right: the token of the lease. */
const tryToTake = (
  database: Database,
  location: string,
  { holder, account, clock }: WriterOptions,
  first: O.Option<Seen>,
): Promise<E.Either<LedgerError | Undecided, number>> =>
  inTransaction(database, 'immediate', async (queries) => {
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
    return takeLease(queries, location, holder, clock, first);
  });

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
  { file, identity, location }: Whereabouts,
  token: number,
  clock: Clock,
): Store => {
  let lose: (error: LedgerError) => void = () => undefined;
  const lost = new Promise<LedgerError>((resolve) => {
    lose = resolve;
  });
  const write = (batch: Batch): TaskEither<LedgerError, void> =>
    guarded(location, () =>
      inOneGo(database, () => {
        // A file that was deleted or replaced still takes writes, and nobody will ever read them.
        const seen = identityOf(file);
        if (seen === '')
          return E.left<LedgerError>({ _tag: 'Unavailable', location, detail: 'the file is gone' });
        if (seen !== identity) return E.left<LedgerError>({ _tag: 'LeaseLost', location });
        if (!renewLease(database.prepare, token, clock.now()))
          return E.left<LedgerError>({ _tag: 'LeaseLost', location });
        writeBatch(database.prepare, batch);
        return E.right(undefined);
      }),
    );
  const turns = makeCommitTurns(setTimeout);
  const commitSoon = async (batch: Batch): Promise<E.Either<LedgerError, void>> => {
    await turns.next();
    const written = await write(batch)();
    turns.taken(batch.calls.length);
    if (E.isLeft(written) && written.left._tag === 'LeaseLost') lose(written.left);
    return written;
  };
  let committed: Promise<void> = Promise.resolve();
  const commit: Store['commit'] = (batch) => () => {
    const written = commitSoon(batch);
    // Nothing of it is kept: a daemon commits for months.
    committed = Promise.all([committed, written]).then(() => undefined);
    return written;
  };
  const stopHeartbeat = startHeartbeat(commit(emptyBatch), clock);
  const giveBack = guarded(location, async () => {
    // A transaction, so that it has its turn after the commits that are under way.
    const released = await inTransaction(database, 'immediate', async (queries) =>
      E.right(await releaseLease(queries, token)),
    );
    const wasOurs = E.isRight(released) && released.right;
    if (wasOurs) await run(database.queries, 'pragma wal_checkpoint(truncate)');
    return E.right(undefined);
  });
  const reader = makeReader(database, location, clock.now);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopHeartbeat();
    await committed;
    // When it cannot be given back, the heartbeat stands still.
    await giveBack();
    await reader.close();
  };
  const { load, history, forced } = reader;
  return { load, history, forced, commit, lost, close: () => (closing ??= close()) };
};

const emptyBatch: Batch = { records: new Map(), calls: [], facts: O.none, forced: [] };
