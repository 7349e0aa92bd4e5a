/**
 * The lease as a row. `lease.ts` has the rules; what is one statement here means what the function of the same
 * name means there.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Kysely } from 'kysely';
import type { Clock } from '../time/clock.js';
import type { Seen, Undecided } from './lease-watch.js';
import { apparentHolder, judge, take, type Lease } from './lease.js';
import { decodeStored, encodeStored, storedHolder, type LeaseHolder } from './record-codec.js';
import { onlyRow, type Tables } from './schema.js';
import type { Database } from './sqlite-database.js';
import { markHolder, presenceOf } from './sqlite-process.js';
import type { Holder, LedgerError } from './store.js';

/** Right: the token. Must run in a transaction that writes, which makes sure that the row is still what is judged. */
export const takeLease = async (
  queries: Kysely<Tables>,
  location: string,
  holder: Holder,
  clock: Pick<Clock, 'now' | 'elapsed'>,
  first: O.Option<Seen>,
): Promise<E.Either<LedgerError | Undecided, number>> => {
  const nowMs = clock.elapsed();
  const read = await readLease(queries, location);
  if (E.isLeft(read)) return read;
  const now = read.right;
  if (O.isSome(now.holder)) {
    const { lease, atMs } = O.getOrElse(() => ({ lease: now, atMs: nowMs }))(first);
    const holderIs = presenceOf(now.holder.value);
    const verdict = judge({ first: lease, firstMs: atMs, now, nowMs, wallMs: clock.now(), holderIs });
    const held = { _tag: 'Held', location, holder: withoutMark(now.holder.value) } as const;
    if (verdict === 'held') return E.left(held);
    if (verdict === 'watch') return E.left({ _tag: 'Undecided', lease: now, held });
  }
  return E.right(await writeTaken(queries, now, markHolder(holder), clock.now()));
};

const writeTaken = async (
  queries: Kysely<Tables>,
  lease: Lease,
  holder: LeaseHolder,
  nowMs: number,
): Promise<number> => {
  const taken = take(lease, holder, nowMs);
  await queries
    .updateTable('lease')
    .set({
      token: taken.token,
      heartbeat_ms: taken.heartbeatMs,
      holder: encodeStored(storedHolder, holder),
    })
    .where('id', '=', onlyRow)
    .returning('token')
    .executeTakeFirstOrThrow();
  return taken.token;
};

/** Shows that the holder lives. False: the lease is not ours any more. One statement, as it is part of every commit. */
export const renewLease = (prepare: Database['prepare'], token: number, nowMs: number): boolean =>
  prepare(
    `update lease set heartbeat_ms = max(heartbeat_ms + 1, ?)
     where id = ? and token = ? and holder is not null`,
  ).run(nowMs, onlyRow, token).changes === 1;

/** False: it was not ours any more, and is left alone. */
export const releaseLease = async (queries: Kysely<Tables>, token: number): Promise<boolean> => {
  const { numUpdatedRows } = await queries
    .updateTable('lease')
    .set({ holder: null })
    .where('id', '=', onlyRow)
    .where('token', '=', token)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
};

/** Who writes, as far as one look can tell. */
export const readWriter = async (
  queries: Kysely<Tables>,
  location: string,
  nowMs: number,
): Promise<E.Either<LedgerError, O.Option<Holder>>> =>
  pipe(
    await readLease(queries, location),
    E.map((lease) =>
      pipe(
        lease.holder,
        O.chain((holder) => apparentHolder(lease, nowMs, presenceOf(holder))),
        O.map(withoutMark),
      ),
    ),
  );

export const readLease = async (
  queries: Kysely<Tables>,
  location: string,
): Promise<E.Either<LedgerError, Lease>> => {
  const row = await queries
    .selectFrom('lease')
    .select(['token', 'heartbeat_ms', 'holder'])
    .where('id', '=', onlyRow)
    .executeTakeFirst();
  const { token, heartbeat_ms: heartbeatMs, holder } = row ?? { token: 0, heartbeat_ms: 0, holder: null };
  if (holder === null) return E.right({ token, heartbeatMs, holder: O.none });
  return pipe(
    decodeStored(storedHolder, holder),
    E.bimap(
      (detail): LedgerError => ({ _tag: 'Corrupt', location, detail: `lease: ${detail}` }),
      (found) => ({ token, heartbeatMs, holder: O.some(found) }),
    ),
  );
};

const withoutMark = ({ pid, host, command, sinceMs }: LeaseHolder): Holder => ({
  pid,
  host,
  command,
  sinceMs,
});
