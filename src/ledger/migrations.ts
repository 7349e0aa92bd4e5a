/**
 * How the tables came to be, one step a version. A step that has been released is never changed.
 *
 * Kysely's `Migrator` is not used: on SQLite its lock does nothing, it creates its two tables outside the
 * transaction, and it opens a deferred one, so two processes that open a fresh state together make each other
 * fail; and a state from a newer holdfast is only an error text there. Here the steps run inside the
 * transaction that takes the lease, and the version is a number beside the data.
 */
import { sql, type Kysely } from 'kysely';
import { onlyRow, schemaVersion, type Tables } from './schema.js';

export const migrate = async (queries: Kysely<Tables>, fromVersion: number): Promise<void> => {
  for (const step of steps.slice(fromVersion, schemaVersion)) await step(queries);
};

const createTables = async (queries: Kysely<Tables>): Promise<void> => {
  const { schema } = queries;
  await schema
    .createTable('conference')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('call')
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('conference', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('call', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('call_by_conference').on('call').columns(['conference', 'number']).execute();
  await schema.createIndex('call_by_start').on('call').column('started_at_ms').execute();
  await schema
    .createTable('forced')
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('forced', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('facts')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('facts', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('lease')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('token', 'bigint', (column) => column.notNull())
    .addColumn('heartbeat_ms', 'bigint', (column) => column.notNull())
    .addColumn('holder', 'text')
    .execute();
  await queries
    .insertInto('lease')
    .values({ id: onlyRow, token: 0, heartbeat_ms: 0, holder: null })
    .execute();
};

/** Whatever writes records or facts, the mark is another one afterwards. Heartbeats leave it as it is. */
const markContent = async (queries: Kysely<Tables>): Promise<void> => {
  await queries.schema
    .createTable('content')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('mark', 'text', (column) => column.notNull())
    .execute();
  const mark = sql<string>`hex(randomblob(16))`;
  await queries.insertInto('content').values({ id: onlyRow, mark }).execute();
  for (const table of ['conference', 'facts'])
    for (const change of ['insert', 'update', 'delete'])
      await sql`
        create trigger ${sql.id(`${table}_${change}_marks`)} after ${sql.raw(change)} on ${sql.table(table)}
        begin update content set mark = hex(randomblob(16)); end`.execute(queries);
};

const steps: readonly ((queries: Kysely<Tables>) => Promise<void>)[] = [createTables, markContent];
