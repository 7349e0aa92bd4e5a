/**
 * Reading a state: without a lease, without creating it, and beside whoever writes it.
 */
import * as nodePath from 'node:path';
import * as url from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  closingOnFailure,
  guarded,
  inTransaction,
  openDatabase,
  run,
  type Database,
  type Opened,
} from './sqlite-database.js';
import { copyState } from './sqlite-copy.js';
import { corrupt, isLocked, mayNotWrite } from './sqlite-failure.js';
import { isSettled, lookAt } from './sqlite-files.js';
import { readVersion } from './sqlite-format.js';
import { readWriter } from './sqlite-lease.js';
import {
  readFacts,
  readForced,
  readHistory,
  readLastCall,
  readRecords,
  readSomeRecords,
} from './sqlite-rows.js';
import { nothingStored, type LedgerError, type ReadableStore, type Stored } from './store.js';

export const openSqliteForReading = (
  path: string,
  location: string,
  now: IO<number>,
): TE.TaskEither<LedgerError, ReadableStore> =>
  guarded(location, async () => {
    const file = nodePath.resolve(path);
    const found = lookAt(file);
    switch (found._tag) {
      case 'NoDatabase':
        return corrupt(location, found.detail);
      case 'Absent':
      case 'Empty':
        return E.right(emptyStore);
      case 'Filled':
        return openSharedOrAlone(file, location, now);
    }
  });

/** Reads through a database that is already open, and closes it. */
export const makeReader = (database: Database, location: string, now: IO<number>): ReadableStore => ({
  load: loadBy(readRecords, database, location, now),
  loadSome: (conferences) =>
    loadBy((queries) => readSomeRecords(queries, conferences), database, location, now),
  history: (query) =>
    guarded(location, async () => {
      const calls = await readHistory(database.queries, query);
      return E.isLeft(calls) ? corrupt(location, calls.left) : calls;
    }),
  forced: (query) =>
    guarded(location, async () => {
      const forced = await readForced(database.queries, query);
      return E.isLeft(forced) ? corrupt(location, forced.left) : forced;
    }),
  close: async () => database.close(),
});

const loadBy = (
  read: typeof readRecords,
  database: Database,
  location: string,
  now: IO<number>,
): TE.TaskEither<LedgerError, Stored> =>
  guarded(location, () =>
    inTransaction(database, 'deferred', async (queries): Opened<Stored> => {
      const records = await read(queries);
      if (E.isLeft(records)) return corrupt(location, records.left);
      const facts = await readFacts(queries);
      if (E.isLeft(facts)) return corrupt(location, facts.left);
      const writer = await readWriter(queries, location, now());
      if (E.isLeft(writer)) return writer;
      const lastCall = await readLastCall(queries);
      return E.right({ records: records.right, facts: facts.right, lastCall, writer: writer.right });
    }),
  );

/** A reader shares two files with a writer. Where it can neither find nor make them, no writer is at work. */
const openSharedOrAlone = async (file: string, location: string, now: IO<number>): Opened<ReadableStore> => {
  try {
    return await openReader(file, location, now);
  } catch (error) {
    if (!mayNotWrite(error)) throw error;
    if (!isSettled(file)) {
      return (await recover(file)) ? openReader(file, location, now) : openCopy(file, location, now);
    }
    const alone = url.pathToFileURL(file);
    alone.searchParams.set('immutable', '1');
    return await openReader(alone, location, now);
  }
};

/**
 * A process that was killed while it made the state leaves a journal, and SQLite undoes the change when it is next
 * opened by whoever may write. Its locks see to it that nobody is at work; no lease is needed. False: it cannot be.
 */
const recover = async (file: string): Promise<boolean> => {
  const database = openDatabase(file, { readOnly: false });
  try {
    await run(database.queries, 'select count(*) from sqlite_master');
    return true;
  } catch (error) {
    // In a folder that may not be written, SQLite cannot remove the journal, and says that the file is locked.
    if (mayNotWrite(error) || isLocked(error)) return false;
    throw error;
  } finally {
    database.close();
  }
};

/** Only what may be written can be recovered: a copy may. It is gone when the reader is closed. */
const openCopy = async (file: string, location: string, now: IO<number>): Opened<ReadableStore> => {
  const copy = copyState(file);
  if (copy === undefined) return E.left({ _tag: 'Unavailable', location, detail: unsettled });
  try {
    const opened = (await recover(copy.file)) ? await openReader(copy.file, location, now) : undefined;
    if (opened !== undefined && E.isRight(opened)) {
      const { close, ...reader } = opened.right;
      return E.right({
        ...reader,
        close: async () => {
          await close();
          copy.remove();
        },
      });
    }
    copy.remove();
    return opened ?? E.left({ _tag: 'Unavailable', location, detail: unsettled });
  } catch (error) {
    copy.remove();
    throw error;
  }
};

const openReader = async (file: string | URL, location: string, now: IO<number>): Opened<ReadableStore> => {
  const database = openDatabase(file, { readOnly: true });
  const version = await closingOnFailure(database, () => readVersion(database.queries, location));
  if (E.isLeft(version)) return version;
  if (version.right > 0) return E.right(makeReader(database, location, now));
  database.close();
  return E.right(emptyStore);
};

const emptyStore: ReadableStore = {
  load: TE.right(nothingStored),
  loadSome: () => TE.right(nothingStored),
  history: () => TE.right([]),
  forced: () => TE.right([]),
  close: () => Promise.resolve(),
};

const unsettled =
  'a writer ended in the middle of a change that cannot be undone from here: open it once for writing';
