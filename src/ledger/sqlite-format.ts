/**
 * What marks a SQLite file as a state of ours: the application id and the schema version in its header. Both
 * are changed in the transaction that makes the tables, so no crash leaves one without the other.
 */
import * as E from 'fp-ts/lib/Either.js';
import { sql, type Kysely } from 'kysely';
import { migrate } from './migrations.js';
import { applicationId, schemaVersion, type Tables } from './schema.js';
import { run } from './sqlite-database.js';
import type { LedgerError } from './store.js';

/** The schema version; 0 when the database has no content yet. */
export const readVersion = async (
  queries: Kysely<Tables>,
  location: string,
): Promise<E.Either<LedgerError, number>> => {
  const header = await sql<Header>`
    select application_id, user_version, (select count(*) from sqlite_master) as objects
    from pragma_application_id, pragma_user_version`.execute(queries);
  const [found] = header.rows;
  if (found?.application_id === applicationId) {
    return found.user_version > schemaVersion
      ? E.left({ _tag: 'TooNew', location, version: String(found.user_version) })
      : E.right(found.user_version);
  }
  return found?.application_id === 0 && found.user_version === 0 && found.objects === 0
    ? E.right(0)
    : E.left({ _tag: 'Corrupt', location, detail: 'it is a SQLite database of another program' });
};

/** Brings the tables up to date. Must run in a transaction that writes. */
export const upgrade = async (queries: Kysely<Tables>, fromVersion: number): Promise<void> => {
  if (fromVersion === schemaVersion) return;
  await migrate(queries, fromVersion);
  await run(queries, `pragma application_id = ${String(applicationId)}`);
  await run(queries, `pragma user_version = ${String(schemaVersion)}`);
};

interface Header {
  readonly application_id: number;
  readonly user_version: number;
  readonly objects: number;
}
