import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import {
  apparentHolder,
  heartbeatIntervalMs,
  judge,
  release,
  renew,
  silenceLimitMs,
  take,
  type Lease,
  type Presence,
  type Sighting,
} from '../../src/ledger/lease.js';
import type { LeaseHolder } from '../../src/ledger/record-codec.js';

const holder: LeaseHolder = {
  pid: 12,
  host: 'x',
  command: 'watch',
  sinceMs: 1,
  machine: O.none,
  started: O.none,
};
const nobody: Lease = { token: 3, heartbeatMs: 7, holder: O.none };
const heldAt = (heartbeatMs: number): Lease => ({ token: 4, heartbeatMs, holder: O.some(holder) });

const sighting = (change: Partial<Sighting> = {}): Sighting => ({
  first: heldAt(50_000),
  firstMs: 100,
  now: heldAt(50_000),
  nowMs: 100,
  wallMs: 50_000,
  holderIs: 'unknown',
  ...change,
});

describe('a lease is', () => {
  it.each([
    ['free when nobody holds it', { first: nobody, now: nobody }, 'free'],
    ['free when its holder gave it back meanwhile', { now: { ...heldAt(50_000), holder: O.none } }, 'free'],
    ['free when its holder is gone', { holderIs: 'gone' }, 'free'],
    ['free when its holder is gone, though it moved', { holderIs: 'gone', now: heldAt(50_001) }, 'free'],
    ['watched when nothing is certain', {}, 'watch'],
    ['watched to the limit', { nowMs: 10_100 }, 'watch'],
    ['free past the limit', { nowMs: 10_100.1 }, 'free'],
    ['held when the heartbeat moved', { now: heldAt(53_000) }, 'held'],
    ['held when the heartbeat moved back', { now: heldAt(49_999) }, 'held'],
    ['held when it moved, however late that is seen', { now: heldAt(53_000), nowMs: 1e9 }, 'held'],
    ['held when somebody else took it', { now: { ...heldAt(50_000), token: 5 } }, 'held'],
    ['held at once by a live holder', { holderIs: 'alive' }, 'held'],
    ['held at once to the limit', { holderIs: 'alive', wallMs: 60_000 }, 'held'],
    ['held at once a little before its time', { holderIs: 'alive', wallMs: 40_000 }, 'held'],
    ['watched when a live holder is late', { holderIs: 'alive', wallMs: 60_001 }, 'watch'],
    ['watched when a live holder is far ahead', { holderIs: 'alive', wallMs: 39_999 }, 'watch'],
    ['free when a live holder is stuck', { holderIs: 'alive', wallMs: 60_101, nowMs: 10_101 }, 'free'],
  ] as const)('%s', (_name, change, verdict) => {
    expect(judge(sighting(change))).toBe(verdict);
  });

  it('watched for more than three heartbeats', () => {
    expect(silenceLimitMs).toBeGreaterThan(3 * heartbeatIntervalMs);
    expect(silenceLimitMs).toBeLessThan(15_000);
  });

  test.prop([fc.integer(), fc.integer()])(
    'never judged by the clock when nothing is known of the holder',
    (wallMs, otherMs) => {
      for (const nowMs of [100, 20_000])
        expect(judge(sighting({ nowMs, wallMs }))).toBe(judge(sighting({ nowMs, wallMs: otherMs })));
    },
  );
});

describe('for people it is held', () => {
  it.each<[Presence, number, boolean]>([
    ['gone', 0, false],
    ['alive', 0, true],
    ['alive', 1e12, true],
    ['unknown', 10_000, true],
    ['unknown', 10_001, false],
    ['unknown', -1e12, true],
  ])('by a holder that is %s, %d ms after its heartbeat: %s', (holderIs, ageMs, shown) => {
    expect(O.isSome(apparentHolder(heldAt(2e12), 2e12 + ageMs, holderIs))).toBe(shown);
  });

  it('by nobody when nobody holds it', () => {
    expect(apparentHolder(nobody, 7, 'unknown')).toBe(O.none);
  });
});

const aTime = fc.integer({ min: 0, max: 50 });
const step = fc.oneof(
  fc.record({ _tag: fc.constant('take' as const), atMs: aTime }),
  fc.record({ _tag: fc.constant('renew' as const), token: fc.integer({ min: 3, max: 9 }), atMs: aTime }),
  fc.record({ _tag: fc.constant('release' as const), token: fc.integer({ min: 3, max: 9 }) }),
);

const after = (lease: Lease, next: typeof step extends fc.Arbitrary<infer A> ? A : never): Lease => {
  switch (next._tag) {
    case 'take':
      return take(lease, holder, next.atMs);
    case 'renew':
      return O.getOrElse(() => lease)(renew(lease, next.token, next.atMs));
    case 'release':
      return release(lease, next.token);
  }
};

describe('after any steps by any clocks', () => {
  test.prop([fc.array(step)])(
    'only the last who took the lease can renew it, until it is given back',
    (steps) => {
      const lease = steps.reduce(after, nobody);
      for (let token = 0; token < 60; token += 1) {
        const mayRenew = O.isSome(lease.holder) && token === lease.token;
        expect(O.isSome(renew(lease, token, 1))).toBe(mayRenew);
      }
    },
  );

  test.prop([fc.array(step)])('no token comes back, and within one token no heartbeat does', (steps) => {
    let lease = nobody;
    for (const next of steps) {
      const later = after(lease, next);
      if (next._tag === 'take') expect(later.token).toBeGreaterThan(lease.token);
      else expect(later.token).toBe(lease.token);
      if (next._tag === 'renew' && next.token === lease.token && O.isSome(lease.holder))
        expect(later.heartbeatMs).toBeGreaterThan(lease.heartbeatMs);
      lease = later;
    }
  });

  test.prop([fc.array(step), aTime])(
    'renewing what is not ours changes nothing for its holder',
    (steps, atMs) => {
      const lease = take(steps.reduce(after, nobody), holder, atMs);
      expect(release(lease, lease.token - 1)).toBe(lease);
      expect(renew(lease, lease.token - 1, atMs)).toBe(O.none);
      expect(release(lease, lease.token)).toStrictEqual({ ...lease, holder: O.none });
    },
  );
});
