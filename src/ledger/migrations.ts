/**
 * How the tables came to be, one step a version. A step that has been released is never changed.
 *
 * Kysely's `Migrator` is not used: on SQLite its lock does nothing, it creates its two tables outside the
 * transaction, and it opens a deferred one, so two processes that open a fresh state together make each other
 * fail; and a state from a newer holdfast is only an error text there. Here the steps run inside the
 * transaction that takes the lease, and the version is a number beside the data.
 */
import type { Kysely } from 'kysely';
import { onlyRow, type Tables } from './schema.js';

/** The version a state has after all steps. 0 is a state without tables. */
export const currentVersion = (): number => steps.length;

export const migrate = async (queries: Kysely<Tables>, fromVersion: number): Promise<void> => {
  for (const step of steps.slice(fromVersion)) await step(queries);
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

const steps: readonly ((queries: Kysely<Tables>) => Promise<void>)[] = [createTables];
