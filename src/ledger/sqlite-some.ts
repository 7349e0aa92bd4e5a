/**
 * A few records of a state, for a plan in which little has changed: without the query builder, which takes longer to
 * load than they do. Whatever is out of the ordinary is left to `sqlite-reader.ts`, which can tell what it is.
 *
 * There is no transaction around it: whoever asks sees to it that the state is the same before and afterwards
 * (`state-stamp.ts`), and that it was read as a whole before.
 */
import { resolve } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { ConferenceId } from '../conference/id.js';
import { currentVersion } from './migrations.js';
import { decodeStored, storedRecord } from './record-codec.js';
import type { ConferenceRecord } from './record.js';
import { lookAt } from './sqlite-files.js';
import type { StateLocation } from './sqlite-location.js';

type Records = ReadonlyMap<ConferenceId, ConferenceRecord>;

/** none: read the whole state. */
export const readSome = (
  { path }: StateLocation,
  conferences: readonly ConferenceId[],
): O.Option<Records> => {
  const file = resolve(path);
  const found = E.tryCatch(() => lookAt(file)._tag, E.toError);
  if (E.isLeft(found)) return O.none;
  if (found.right !== 'Filled') return found.right === 'NoDatabase' ? O.none : O.some(new Map());
  return O.flatten(O.tryCatch(() => readFrom(file, conferences)));
};

const readFrom = (file: string, conferences: readonly ConferenceId[]): O.Option<Records> => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  try {
    const header: unknown = database.prepare('pragma user_version').get();
    if (!Header.is(header) || header.user_version !== currentVersion()) return O.none;
    const records = new Map<ConferenceId, ConferenceRecord>();
    const statement = database.prepare('select record from conference where id = ?');
    for (const conference of conferences) {
      const row: unknown = statement.get(conference);
      if (row === undefined) continue;
      const record = Row.is(row) ? decodeStored(storedRecord, row.record) : E.left('');
      if (E.isLeft(record)) return O.none;
      records.set(conference, record.right);
    }
    return O.some(records);
  } finally {
    database.close();
  }
};

const Header = t.type({ user_version: t.number });

const Row = t.type({ record: t.string });
