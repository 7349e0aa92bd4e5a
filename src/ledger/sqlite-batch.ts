/**
 * The store's values as rows: what is written with every call, by statements that are prepared once.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { encodeStored, storedCall, storedFacts, storedForced, storedRecord } from './record-codec.js';
import type { ConferenceRecord } from './record.js';
import { onlyRow } from './schema.js';
import type { Database } from './sqlite-database.js';
import { pruneCalls } from './sqlite-prune.js';
import type { Batch, Call, Facts, Forced } from './store.js';

type Prepare = Database['prepare'];

/** The rows of a batch, in the transaction of the caller. */
export const writeBatch = (prepare: Prepare, batch: Batch): void => {
  for (const [id, record] of batch.records) writeRecord(prepare, id, record);
  for (const call of batch.calls) writeCall(prepare, call);
  pruneCalls(prepare, batch.calls);
  if (O.isSome(batch.facts)) writeFacts(prepare, batch.facts.value);
  for (const forced of batch.forced) writeForced(prepare, forced);
};

const writeRecord = (prepare: Prepare, id: ConferenceId, record: O.Option<ConferenceRecord>): void => {
  if (O.isNone(record)) prepare('delete from conference where id = ?').run(id);
  else
    prepare(
      `insert into conference (id, record) values (?, ?)
       on conflict (id) do update set record = excluded.record`,
    ).run(id, encodeStored(storedRecord, record.value));
};

/** Whom a call was made for and when never changes, so that its place in the indexes need not be written twice. */
const writeCall = (prepare: Prepare, call: Call): void => {
  prepare(
    `insert into call (number, conference, started_at_ms, call) values (?, ?, ?, ?)
     on conflict (number) do update set call = excluded.call`,
  ).run(call.call, call.conference, call.startedAtMs, encodeStored(storedCall, call));
};

const writeFacts = (prepare: Prepare, facts: Facts): void => {
  prepare(
    'insert into facts (id, facts) values (?, ?) on conflict (id) do update set facts = excluded.facts',
  ).run(onlyRow, encodeStored(storedFacts, facts));
};

const writeForced = (prepare: Prepare, forced: Forced): void => {
  prepare('insert into forced (at_ms, forced) values (?, ?)').run(
    forced.atMs,
    encodeStored(storedForced, forced),
  );
};
