/**
 * A few records of a state, for a plan in which little has changed: without the query builder, which takes longer to
 * load than they do. Whatever is out of the ordinary is left to `sqlite-reader.ts`, which can tell what it is.
 */
import { resolve } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { ConferenceId } from '../conference/id.js';
import { decodeStored, storedRecord } from './record-codec.js';
import type { ConferenceRecord } from './record.js';
import { schemaVersion } from './schema.js';
import { lookAt } from './sqlite-files.js';
import type { StateLocation } from './sqlite-location.js';

export interface SomeRecords {
  /** Of the content as a whole: as long as it is the same, no record has changed. Empty: the state has not begun. */
  readonly mark: string;
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
}

/** none: read the whole state. */
export const readSome = (
  { path }: StateLocation,
  conferences: readonly ConferenceId[],
): O.Option<SomeRecords> => {
  const file = resolve(path);
  const found = E.tryCatch(() => lookAt(file)._tag, E.toError);
  if (E.isLeft(found)) return O.none;
  if (found.right !== 'Filled')
    return found.right === 'NoDatabase' ? O.none : O.some({ mark: '', records: new Map() });
  return O.flatten(O.tryCatch(() => readFrom(file, conferences)));
};

const readFrom = (file: string, conferences: readonly ConferenceId[]): O.Option<SomeRecords> => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  try {
    // All of one moment. It must be ended: a closed connection lingers until its statements are collected.
    database.exec('begin');
    const some = readFromSnapshot(database, conferences);
    database.exec('commit');
    return some;
  } finally {
    database.close();
  }
};

const readFromSnapshot = (
  database: DatabaseSyncInstance,
  conferences: readonly ConferenceId[],
): O.Option<SomeRecords> => {
  const header: unknown = database.prepare('pragma user_version').get();
  if (!Header.is(header) || header.user_version !== schemaVersion) return O.none;
  const content: unknown = database.prepare('select mark from content').get();
  if (!Content.is(content)) return O.none;
  const records = new Map<ConferenceId, ConferenceRecord>();
  const statement = database.prepare('select record from conference where id = ?');
  for (const conference of conferences) {
    const row: unknown = statement.get(conference);
    if (row === undefined) continue;
    const record = Row.is(row) ? decodeStored(storedRecord, row.record) : E.left('');
    if (E.isLeft(record)) return O.none;
    records.set(conference, record.right);
  }
  return O.some({ mark: content.mark, records });
};

const Header = t.type({ user_version: t.number });

const Content = t.type({ mark: t.string });

const Row = t.type({ record: t.string });
