/**
 * Records of a state, one by one, for a plan that keeps few of them: without the query builder, which takes longer to
 * load than a hundred of them. Whatever is out of the ordinary is left to `sqlite-reader.ts`, which can tell what it is.
 */
import { resolve } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import { ConferenceId } from '../conference/id.js';
import { decodeStored, storedFacts, storedRecord } from './record-codec.js';
import type { ConferenceRecord } from './record.js';
import { applicationId, onlyRow, schemaVersion } from './schema.js';
import { lookAt } from './sqlite-files.js';
import type { StateLocation } from './sqlite-location.js';
import { noFacts, type Facts } from './store.js';

/** A state as it was at one moment. What cannot be read is thrown, and caught where the state was opened. */
export interface StateSnapshot {
  readonly recordOf: (conference: ConferenceId) => ConferenceRecord | undefined;
  /** Everybody the ledger has a record of. */
  readonly conferences: () => Iterable<ConferenceId>;
  readonly facts: () => Facts;
  /** As long as it is the same, no record and no fact has changed. Empty: the state has not begun. */
  readonly mark: () => string;
}

/** none: read the whole state. */
export const withSnapshot = async <A>(
  { path }: StateLocation,
  work: (snapshot: StateSnapshot) => Promise<A>,
): Promise<O.Option<A>> => {
  try {
    const file = resolve(path);
    const found = lookAt(file)._tag;
    if (found === 'Filled')
      return await withSnapshotIn(new DatabaseSync(file, { readOnly: true, timeout: 0 }), work);
    return found === 'NoDatabase' ? O.none : O.some(await work(nothingThere));
  } catch {
    return O.none;
  }
};

const nothingThere: StateSnapshot = {
  recordOf: () => undefined,
  conferences: () => [],
  facts: () => noFacts,
  mark: () => '',
};

const withSnapshotIn = async <A>(
  database: DatabaseSyncInstance,
  work: (snapshot: StateSnapshot) => Promise<A>,
): Promise<O.Option<A>> => {
  try {
    database.exec('begin');
    const header: unknown = database.prepare(headerQuery).get();
    return Header.is(header) &&
      header.application_id === applicationId &&
      header.user_version === schemaVersion
      ? O.some(await work(snapshotOf(database)))
      : O.none;
  } finally {
    // A closed connection lingers until its statements are collected, and so would its lock.
    O.tryCatch(() => database.exec('rollback'));
    database.close();
  }
};

const snapshotOf = (database: DatabaseSyncInstance): StateSnapshot => {
  const record = database.prepare('select record from conference where id = ?');
  return {
    recordOf: (conference) => {
      const row: unknown = record.get(conference);
      return row === undefined
        ? undefined
        : orThrow(decodeStored(storedRecord, RecordRow.is(row) ? row.record : ''));
    },
    *conferences() {
      for (const row of database.prepare('select id from conference').iterate())
        yield orThrow(ConferenceId.decode(IdRow.is(row) ? row.id : row));
    },
    facts: () => {
      const row: unknown = database.prepare('select facts from facts where id = ?').get(onlyRow);
      return row === undefined
        ? noFacts
        : orThrow(decodeStored(storedFacts, FactsRow.is(row) ? row.facts : ''));
    },
    mark: () => {
      const row: unknown = database.prepare('select mark from content where id = ?').get(onlyRow);
      return orThrow(MarkRow.decode(row)).mark;
    },
  };
};

const orThrow = <A>(read: E.Either<unknown, A>): A => {
  if (E.isLeft(read)) throw new Error('the state is damaged');
  return read.right;
};

const headerQuery = 'select application_id, user_version from pragma_application_id, pragma_user_version';

const Header = t.type({ application_id: t.number, user_version: t.number });

const RecordRow = t.type({ record: t.string });

const IdRow = t.type({ id: t.string });

const FactsRow = t.type({ facts: t.string });

const MarkRow = t.type({ mark: t.string });
