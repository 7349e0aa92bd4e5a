/**
 * Rows as the store's values. Nothing here knows which SQL database it talks to.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import type * as t from 'io-ts';
import type { Kysely } from 'kysely';
import type { ConferenceId } from '../conference/id.js';
import type { ConferenceRecord } from './record.js';
import { decodeStored, storedCall, storedFacts, storedForced, storedRecord } from './record-codec.js';
import { onlyRow, type Tables } from './schema.js';
import { noFacts, type Call, type Facts, type Forced, type HistoryQuery } from './store.js';

/** Left: which row cannot be read, and why. */
type Read<A> = Promise<E.Either<string, A>>;

export const readRecords = async (
  queries: Kysely<Tables>,
): Read<ReadonlyMap<ConferenceId, ConferenceRecord>> => {
  const records = new Map<ConferenceId, ConferenceRecord>();
  // Row by row: all the texts at once would take as much room as what is read from them.
  for await (const { id, record } of queries.selectFrom('conference').select(['id', 'record']).stream()) {
    const decoded = decodeRow(storedRecord, record, `conference ${id}`);
    if (E.isLeft(decoded)) return decoded;
    records.set(decoded.right.id, decoded.right);
  }
  return E.right(records);
};

/** Of those that are asked for: whom the ledger knows. */
export const readSomeRecords = async (
  queries: Kysely<Tables>,
  conferences: readonly ConferenceId[],
): Read<ReadonlyMap<ConferenceId, ConferenceRecord>> => {
  const records = new Map<ConferenceId, ConferenceRecord>();
  for (const id of conferences) {
    const row = await queries
      .selectFrom('conference')
      .select('record')
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) continue;
    const decoded = decodeRow(storedRecord, row.record, `conference ${id}`);
    if (E.isLeft(decoded)) return decoded;
    records.set(id, decoded.right);
  }
  return E.right(records);
};

export const readFacts = async (queries: Kysely<Tables>): Read<Facts> => {
  const row = await queries.selectFrom('facts').select('facts').where('id', '=', onlyRow).executeTakeFirst();
  return row === undefined ? E.right(noFacts) : decodeRow(storedFacts, row.facts, 'facts');
};

export const readLastCall = async (queries: Kysely<Tables>): Promise<number> => {
  const row = await queries
    .selectFrom('call')
    .select('number')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? 0;
};

export const readHistory = async (queries: Kysely<Tables>, query: HistoryQuery): Read<readonly Call[]> => {
  const { conference, sinceMs, limit } = query;
  const rows = await queries
    .selectFrom('call')
    .select(['number', 'call'])
    .$if(O.isSome(conference), (calls) => calls.where('conference', '=', O.toUndefined(conference) ?? ''))
    .$if(O.isSome(sinceMs), (calls) => calls.where('started_at_ms', '>=', O.toUndefined(sinceMs) ?? 0))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return pipe(
    rows,
    E.traverseArray(({ number, call }) => decodeRow(storedCall, call, `call ${number}`)),
  );
};

/** There are few of them: nothing but the time is worth a column. */
export const readForced = async (queries: Kysely<Tables>, query: HistoryQuery): Read<readonly Forced[]> => {
  const { conference, sinceMs, limit } = query;
  const rows = await queries
    .selectFrom('forced')
    .select(['at_ms', 'forced'])
    .$if(O.isSome(sinceMs), (forced) => forced.where('at_ms', '>=', O.toUndefined(sinceMs) ?? 0))
    .orderBy('at_ms', 'desc')
    .execute();
  return pipe(
    rows,
    E.traverseArray(({ at_ms, forced }) => decodeRow(storedForced, forced, `forced at ${at_ms}`)),
    E.map((all) =>
      all
        .filter(({ conferences }) => O.isNone(conference) || conferences.includes(conference.value))
        .slice(0, limit),
    ),
  );
};

const decodeRow = <A>(codec: t.Type<A, unknown>, text: string, what: string): E.Either<string, A> =>
  pipe(
    decodeStored(codec, text),
    E.mapLeft((detail) => `${what}: ${detail}`),
  );
