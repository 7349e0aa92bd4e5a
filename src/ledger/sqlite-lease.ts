/**
 * One writer at a time.
 *
 * The lease is a row: who holds it, when the holder last showed itself, and a token that grows by one with
 * every taking. A writer checks in each of its transactions that the token is still its own (fencing), so a
 * holder that was only asleep can do no harm after somebody took over.
 *
 * Times are wall-clock, because processes share no other. A holder shows itself every 3 s; it counts as gone
 * when its last heartbeat is more than 10 s away *in either direction*. One from the future means that the
 * clock was set back: a holder that lives writes the new time within 3 s, and waiting for the old one could
 * lock the state for years. Where that is wrong, fencing keeps it harmless.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Kysely } from 'kysely';
import { decodeStored, encodeStored, storedHolder, type LeaseHolder } from './record-codec.js';
import { onlyRow, type Tables } from './schema.js';
import { isCertainlyGone, markHolder } from './sqlite-process.js';
import type { Holder, LedgerError } from './store.js';

export const heartbeatIntervalMs = 3_000;
const heartbeatLimitMs = 10_000;

/** Right: the token. Must run in a transaction that writes. */
export const takeLease = async (
  queries: Kysely<Tables>,
  location: string,
  holder: Holder,
  nowMs: number,
): Promise<E.Either<LedgerError, number>> => {
  const writer = await readWriter(queries, location, nowMs);
  if (E.isLeft(writer)) return writer;
  if (O.isSome(writer.right)) return E.left({ _tag: 'Held', location, holder: writer.right.value });
  const { token } = await queries
    .updateTable('lease')
    .set((lease) => ({
      token: lease('token', '+', 1),
      heartbeat_ms: nowMs,
      holder: encodeStored(storedHolder, markHolder(holder)),
    }))
    .where('id', '=', onlyRow)
    .returning('token')
    .executeTakeFirstOrThrow();
  return E.right(token);
};

/** Shows that the holder lives. False: somebody else took the lease. */
export const renewLease = async (queries: Kysely<Tables>, token: number, nowMs: number): Promise<boolean> => {
  const { numUpdatedRows } = await queries
    .updateTable('lease')
    .set({ heartbeat_ms: nowMs })
    .where('id', '=', onlyRow)
    .where('token', '=', token)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

/** The token stays, so that it never comes back. Does nothing when somebody else took the lease. */
export const releaseLease = async (queries: Kysely<Tables>, token: number): Promise<void> => {
  await queries
    .updateTable('lease')
    .set({ holder: null })
    .where('id', '=', onlyRow)
    .where('token', '=', token)
    .execute();
};

/** Who holds the lease and is not known to be gone. */
export const readWriter = async (
  queries: Kysely<Tables>,
  location: string,
  nowMs: number,
): Promise<E.Either<LedgerError, O.Option<Holder>>> => {
  const row = await queries
    .selectFrom('lease')
    .select(['holder', 'heartbeat_ms'])
    .where('id', '=', onlyRow)
    .executeTakeFirst();
  if (row === undefined || row.holder === null) return E.right(O.none);
  const lapsed = Math.abs(nowMs - row.heartbeat_ms) > heartbeatLimitMs;
  return pipe(
    decodeStored(storedHolder, row.holder),
    E.bimap(
      (detail): LedgerError => ({ _tag: 'Corrupt', location, detail: `lease: ${detail}` }),
      (holder) => (lapsed || isCertainlyGone(holder) ? O.none : O.some(withoutMark(holder))),
    ),
  );
};

const withoutMark = ({ pid, host, command, sinceMs }: LeaseHolder): Holder => ({
  pid,
  host,
  command,
  sinceMs,
});
