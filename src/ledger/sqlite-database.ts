/**
 * SQLite behind Kysely. What is thrown here is turned into a `LedgerError` by `guarded`, and nowhere else.
 *
 * Quirks of the driver (@photostructure/sqlite 1.2), seen in its source:
 * - Statements have no `finalize`, so a closed connection lingers until they are collected. Each SQL text is
 *   therefore prepared once, and whoever closes a writer checkpoints first instead of relying on the close.
 * - A location that starts with `file:` or is `:memory:` has a meaning of its own; absolute paths never do.
 */
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { Kysely, sql, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { Tables } from './schema.js';
import { failureOf } from './sqlite-failure.js';
import type { LedgerError } from './store.js';

export interface Database {
  readonly queries: Kysely<Tables>;
  /** Prepares a text of a fixed set once. For what is asked with every call: building a query costs more than running it. */
  readonly prepare: (text: string) => Statement;
  /** Safe to call twice. What is still asked afterwards fails. */
  readonly close: IO<void>;
}

/** The number of rows that were changed. */
export interface Statement {
  readonly run: (...parameters: readonly (string | number)[]) => { readonly changes: number };
}

/** How long SQLite waits for another process, in milliseconds. The whole process waits, so it must be short. */
const busyTimeoutMs = 2_000;

export const openDatabase = (file: string | URL, options: { readonly readOnly: boolean }): Database => {
  const database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: busyTimeoutMs });
  const prepare = preparedOnce(database);
  return {
    queries: new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(database, prepare) }) }),
    prepare,
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

/**
 * Right is committed, left and an exception are rolled back. Kysely's own transactions are not used: they
 * cannot be immediate, and when SQLite has already rolled back by itself (disk full) they lose the reason.
 */
export const inTransaction = <Error, A>(
  { queries }: Database,
  mode: 'immediate' | 'deferred',
  work: (queries: Kysely<Tables>) => Promise<E.Either<Error, A>>,
): Promise<E.Either<Error, A>> =>
  queries.connection().execute(async (connection) => {
    await run(connection, `begin ${mode}`);
    try {
      const result = await work(connection);
      await run(connection, E.isRight(result) ? 'commit' : 'rollback');
      return result;
    } catch (error) {
      await run(connection, 'rollback').catch(() => undefined);
      throw error;
    }
  });

/** The same for work that waits for nothing. It has its turn after the transactions that are under way. */
export const inOneGo = <Error, A>(
  { queries, prepare }: Database,
  work: () => E.Either<Error, A>,
): Promise<E.Either<Error, A>> =>
  queries.connection().execute(async () => {
    prepare('begin immediate').run();
    try {
      const result = work();
      prepare(E.isRight(result) ? 'commit' : 'rollback').run();
      return result;
    } catch (error) {
      O.tryCatch(() => prepare('rollback').run());
      throw error;
    }
  });

/** The edge: nothing that happens inside is ever thrown outside. */
export const guarded =
  <A>(location: string, work: () => Promise<E.Either<LedgerError, A>>): TaskEither<LedgerError, A> =>
  async () => {
    try {
      return await work();
    } catch (error) {
      return E.left(failureOf(location, error));
    }
  };

/** What a work that may fail or throw leaves open is closed. */
export const closingOnFailure = async <A>(database: Database, work: () => Opened<A>): Opened<A> => {
  try {
    const result = await work();
    if (E.isLeft(result)) database.close();
    return result;
  } catch (error) {
    database.close();
    throw error;
  }
};

export type Opened<A> = Promise<E.Either<LedgerError, A>>;

export const run = async (queries: Kysely<Tables>, statement: string): Promise<void> => {
  await sql.raw(statement).execute(queries);
};

/** All SQL texts come from a fixed set of queries, so the map stays small. */
const preparedOnce = (database: DatabaseSyncInstance): ((text: string) => StatementSyncInstance) => {
  const statements = new Map<string, StatementSyncInstance>();
  return (text) => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
};

/** What Kysely wants of a database. */
const forKysely = (
  database: DatabaseSyncInstance,
  prepare: (text: string) => StatementSyncInstance,
): SqliteDatabase => ({
  close: () => database.close(),
  prepare: (text): SqliteStatement => {
    const statement = prepare(text);
    return {
      reader: statement.columns().length > 0,
      all: (parameters): unknown[] => statement.all(...parameters),
      run: (parameters) => statement.run(...parameters),
      iterate: (parameters) => statement.iterate(...parameters),
    };
  },
});
