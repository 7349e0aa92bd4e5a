/** A state in a folder of its own, and short words for it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as nodePath from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import { expect, onTestFinished } from 'vitest';
import { ConferenceId } from '../../src/conference/id.js';
import { openForReading, openForWriting } from '../../src/ledger/open-store.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import type { WriterOptions } from '../../src/ledger/sqlite.js';
import type { StateLocation } from '../../src/ledger/sqlite-location.js';
import type { Batch, Call, Holder, LedgerError, ReadableStore, Store } from '../../src/ledger/store.js';
import type { Clock } from '../../src/time/clock.js';
import { makeVirtualClock } from '../support/virtual-clock.js';

export const temporaryFolder = (): string => {
  const folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'holdfast-state-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Where there is no state yet, in a folder of its own. */
export const aFile = (): string => nodePath.join(temporaryFolder(), 'state.db');

export const at = (path: string): StateLocation => ({ _tag: 'Sqlite', path });

export const holder: Holder = { pid: process.pid, host: 'here', command: 'watch', sinceMs: 5 };

interface Asked {
  readonly holder?: Holder;
  readonly account?: string;
  readonly clock?: Clock;
  readonly onWait?: WriterOptions['onWait'];
}

export const tryToWrite = (file: string, asked: Asked = {}): TaskEither<LedgerError, Store> =>
  openForWriting(at(file), {
    holder,
    account: 'u-1',
    clock: makeVirtualClock(),
    onWait: () => undefined,
    ...asked,
  });

/** Closed at the end of the test, if it is not before. */
export const write = async (file: string, asked: Asked = {}): Promise<Store> => {
  const store = await right(tryToWrite(file, asked));
  onTestFinished(store.close);
  return store;
};

export const read = async (
  file: string,
  now: () => number = makeVirtualClock().now,
): Promise<ReadableStore> => {
  const store = await right(openForReading(at(file), now));
  onTestFinished(store.close);
  return store;
};

export const right = async <A>(task: TaskEither<LedgerError, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};

/** Changes the file as any other program would. */
export const change = (file: string, sql: string): void => {
  withDatabase(file, (database) => database.exec(sql));
};

/** Reads the file as any other program would. */
export const rowsIn = (file: string, sql: string): readonly Record<string, unknown>[] =>
  withDatabase(file, (database): unknown[] => database.prepare(sql).all()).filter(t.UnknownRecord.is);

const withDatabase = <A>(file: string, work: (database: DatabaseSyncInstance) => A): A => {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
};

export const id = (text: string): ConferenceId => {
  const decoded = ConferenceId.decode(text);
  if (E.isLeft(decoded)) throw new Error(`no conference id: ${text}`);
  return decoded.right;
};

export const aRecord = (name: string, settings: ConferenceRecord['settings'] = {}): ConferenceRecord => ({
  id: id(name),
  settings,
  protected: false,
  declared: O.none,
  intent: O.none,
  trouble: O.none,
  lastCall: O.none,
  presence: 'declared',
  declaredSinceMs: O.none,
  sighting: O.none,
  endReportedAtMs: O.none,
});

export const aCall = (number: number, change: Partial<Call> = {}): Call => ({
  call: number,
  conference: id('conf-1'),
  method: 'POST',
  revision: 'dir:sha256:1',
  commit: O.none,
  at: O.none,
  body: { mute: true },
  attempt: 1,
  force: O.none,
  startedAtMs: number * 1_000,
  result: O.none,
  ...change,
});

export const aBatch = (change: Partial<Batch>): Batch => ({
  records: new Map(),
  calls: [],
  facts: O.none,
  forced: [],
  ...change,
});

export const records = (...all: readonly ConferenceRecord[]): Batch =>
  aBatch({ records: new Map(all.map((record) => [record.id, O.some(record)])) });

/** `expect.stringMatching`, without the `any`. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
