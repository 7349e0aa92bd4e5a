/**
 * The rules of one writer at a time. A lease says who writes, shows by its heartbeat that the writer lives, and
 * carries a token that grows by one whenever it is taken.
 *
 * - Whoever writes renews the lease in the same transaction, and does not write when that fails (fencing). So a
 *   holder that was only asleep can do no harm after somebody took over.
 * - Nobody takes a lease by comparing the clocks of two processes, which may differ by any amount and jump.
 *   Whoever wants it watches: a heartbeat that moves is a holder that lives, one that stands still for longer than
 *   the limit, by the watcher's own monotonic clock, is taken for dead.
 * - Watching is spared where it is certain that the holder is gone, or that it lives.
 *
 * Laws: a token never comes back; of all who ever took a lease only the last one can renew it; every renewal
 * changes the heartbeat, and no heartbeat of one holder comes back, whatever the clock shows.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { LeaseHolder } from './record-codec.js';

export interface Lease {
  readonly token: number;
  /** Epoch milliseconds by the holder's clock, or later: only a change of it means anything. */
  readonly heartbeatMs: number;
  /** none: nobody writes. */
  readonly holder: O.Option<LeaseHolder>;
}

/** What is known of the holder's process, beside its heartbeat. */
export type Presence = 'gone' | 'alive' | 'unknown';

/** What a watcher has seen of a lease: how it was at first, and how it is now. */
export interface Sighting {
  readonly first: Lease;
  /** When `first` had been read, by the watcher's monotonic clock. */
  readonly firstMs: number;
  readonly now: Lease;
  /** Before `now` was read, by the same clock. */
  readonly nowMs: number;
  /** Epoch milliseconds. */
  readonly wallMs: number;
  /** Of the holder that `now` names. */
  readonly holderIs: Presence;
}

export const heartbeatIntervalMs = 3_000;
/** A heartbeat that stands still for longer is that of a dead holder: three intervals and a little more. */
export const silenceLimitMs = 10_000;

/** May it be taken, does somebody hold it, or must it be watched for longer? */
export const judge = ({ first, firstMs, now, nowMs, wallMs, holderIs }: Sighting): Verdict => {
  if (O.isNone(now.holder) || holderIs === 'gone') return 'free';
  if (now.token !== first.token || now.heartbeatMs !== first.heartbeatMs) return 'held';
  if (holderIs === 'alive' && Math.abs(wallMs - now.heartbeatMs) <= silenceLimitMs) return 'held';
  return nowMs - firstMs > silenceLimitMs ? 'free' : 'watch';
};

export type Verdict = 'free' | 'held' | 'watch';

export const take = ({ token }: Lease, holder: LeaseHolder, nowMs: number): Lease => ({
  token: token + 1,
  heartbeatMs: nowMs,
  holder: O.some(holder),
});

/** none: lost to somebody else, or given back. */
export const renew = (lease: Lease, token: number, nowMs: number): O.Option<Lease> =>
  lease.token === token && O.isSome(lease.holder)
    ? O.some({ ...lease, heartbeatMs: Math.max(nowMs, lease.heartbeatMs + 1) })
    : O.none;

/** The token stays, so that it never comes back. What is somebody else's is left alone. */
export const release = (lease: Lease, token: number): Lease =>
  lease.token === token ? { ...lease, holder: O.none } : lease;

/** Who holds it as far as one look can tell: for people, who do not wait. */
export const apparentHolder = (lease: Lease, wallMs: number, holderIs: Presence): O.Option<LeaseHolder> => {
  if (holderIs === 'gone') return O.none;
  return holderIs === 'alive' || wallMs - lease.heartbeatMs <= silenceLimitMs ? lease.holder : O.none;
};
