import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import {
  answered,
  leaves,
  limited,
  makeBudget,
  readyAtMs,
  spend,
  succeeded,
  type Budget,
} from '../../src/apply/budget.js';
import { admit } from '../../src/sandbox/rate-limit.js';

const repeat = (count: number, step: (budget: Budget) => Budget, budget: Budget): Budget =>
  count === 0 ? budget : repeat(count - 1, step, step(budget));

describe('the interval', () => {
  it.each([
    [1, 1000],
    [2, 500],
    [0.5, 2000],
    [1000, 1],
  ])('at %s a second is not shorter than %i ms, and hardly longer', (rate, intervalMs) => {
    const ready = readyAtMs(answered(spend(makeBudget(rate), 5_000), 5_000, 0)) - 5_000;
    expect(ready).toBeGreaterThanOrEqual(intervalMs);
    expect(ready).toBeLessThanOrEqual(Math.max(intervalMs * 1.01, intervalMs + 2));
  });

  it('does not exist when unlimited', () => {
    const busy = succeeded(answered(spend(makeBudget('unlimited'), 5_000), 5_000, 0));
    expect(readyAtMs(busy)).toBe(5_000);
  });

  it('lets the first call go at once', () => {
    expect(readyAtMs(makeBudget(1))).toBe(0);
  });

  it('counts from the moment a slow call arrived at the latest', () => {
    const quick = answered(spend(makeBudget(1), 0), 20, 20);
    const slow = answered(spend(quick, 1_100), 1_700, 600);
    // The shortest journey is 20 ms: the slow one arrived at 1,680 at the latest.
    expect(readyAtMs(slow)).toBeCloseTo(1_680 + 1_005, 6);
  });

  const journeys = fc.array(fc.record({ delayMs: fc.nat({ max: 3_000 }), tookMs: fc.nat({ max: 5_000 }) }), {
    minLength: 2,
    maxLength: 30,
  });

  test.prop([journeys, fc.constantFrom(1, 2, 0.5, 10)])(
    'is kept between any two departures',
    (calls, rate) => {
      let budget = makeBudget(rate);
      let nowMs = 0;
      let lastLeftMs = -Infinity;
      for (const { delayMs, tookMs } of calls) {
        nowMs = Math.max(nowMs + delayMs, readyAtMs(budget));
        expect(nowMs - lastLeftMs).toBeGreaterThanOrEqual(1000 / rate);
        lastLeftMs = nowMs;
        budget = spend(budget, nowMs);
        // The answer may come after the next call has left: then it is told late.
        budget = succeeded(answered(budget, nowMs + tookMs, tookMs));
      }
    },
  );
});

/** A call was taken, and a later one has left. */
const tookAt = (tookMs: number, leftMs: number): Budget =>
  spend(answered(spend(makeBudget(1), tookMs), tookMs, 0), leftMs);

describe('a 429', () => {
  const busy = spend(makeBudget(1), 10_000);

  it.each([
    ['names a moment', O.some(4_000), 14_000],
    ['names a moment that has passed', O.some(-4_000), 11_017],
    ['does not say', O.none, 11_017],
  ])('%s', (_, waitMs, readyMs) => {
    expect(readyAtMs(limited(busy, 10_000, waitMs))).toBeCloseTo(readyMs, 6);
  });

  it('without a reset waits also when unlimited', () => {
    expect(readyAtMs(limited(spend(makeBudget('unlimited'), 10_000), 10_000, O.none))).toBe(11_000);
  });

  test.prop([
    fc.array(fc.integer({ min: -1_000, max: 100_000 }), { minLength: 1 }),
    fc.constantFrom(1, 'unlimited' as const),
  ])(
    'lets nothing go before the latest moment that was named, and the interval stays within a minute',
    (waits, rate) => {
      let budget = spend(makeBudget(rate), 0);
      for (const waitMs of waits) budget = limited(budget, 100, O.some(waitMs));
      expect(readyAtMs(budget)).toBeGreaterThanOrEqual(100 + Math.max(...waits));
      expect(budget.intervalMs).toBeLessThanOrEqual(60_000);
      expect(budget.intervalMs).toBeGreaterThanOrEqual(budget.configuredMs);
      budget = repeat(50, succeeded, answered(budget, 200_000, 10));
      expect(readyAtMs(budget)).toBeGreaterThanOrEqual(100 + Math.max(...waits));
    },
  );

  it('widens the interval, and fifty successes each narrow it again, down to what was asked for', () => {
    const allowed = answered(spend(makeBudget(1), 9_000), 9_000, 0);
    const slow = limited(spend(allowed, 10_005), 10_005, O.some(1_995));
    expect(slow.intervalMs).toBe(3_015);
    expect(repeat(49, succeeded, slow).intervalMs).toBe(3_015);
    expect(repeat(50, succeeded, slow).intervalMs).toBeCloseTo(2_412, 6);
    const interrupted = limited(repeat(49, succeeded, slow), 10_005, O.some(1));
    expect(succeeded(interrupted).intervalMs).toBe(3_015);
    expect(repeat(1_000, succeeded, slow).intervalMs).toBe(busy.configuredMs);
  });

  it.each<readonly [string, Budget, number, number]>([
    ['the first call of all', spend(makeBudget(1), 10_000), 60_000, 1_005],
    ['the call after the last one that was taken', tookAt(9_000, 10_005), 1_995, 3_015],
    ['a call after a pause: somebody else was there', tookAt(1_000, 10_000), 30_000, 1_005],
    ['as long as a minute', tookAt(9_000, 10_005), 58_995, 60_000],
    ['further away than any interval: a ban, or a wrong clock', tookAt(9_000, 10_005), 999_000, 1_005],
  ])('of %s', (_, budget, waitMs, intervalMs) => {
    const nowMs = O.getOrElse(() => 0)(budget.lastLeftMs);
    expect(limited(budget, nowMs, O.some(waitMs)).intervalMs).toBe(intervalMs);
  });

  it('learns as much after turns whose calls were withheld', () => {
    const withheld = repeat(5, (budget) => spend(budget, 9_500), tookAt(9_000, 10_005));
    const left = leaves(withheld, 10_005);
    expect(limited(left, 10_005, O.some(1_995)).intervalMs).toBe(3_015);
  });

  // The API's limiter as documented, with a limit lower than ours: most calls must get through.
  it.each([
    ['one every 2 s', 0.5, 1, 0],
    ['one every 2 s, answers take 30 ms', 0.5, 1, 30],
    ['one every 5 s', 0.2, 1, 0],
    ['one a second, we think there is no limit', 1, 'unlimited', 20],
  ] as const)('the real limit is learned: %s', (_, granted, asked, latencyMs) => {
    let budget = makeBudget(asked);
    let intervalStartMs = -Infinity;
    let nowMs = 0;
    let refused = 0;
    for (let call = 0; call < 100; call += 1) {
      nowMs = Math.ceil(Math.max(nowMs, readyAtMs(budget)));
      budget = spend(budget, nowMs);
      const admission = admit(intervalStartMs, nowMs + latencyMs / 2, granted, 'allowed');
      intervalStartMs = admission.intervalStartMs;
      nowMs += latencyMs;
      if (admission.allowed) budget = succeeded(answered(budget, nowMs, latencyMs));
      else {
        refused += 1;
        budget = limited(budget, nowMs, O.some(admission.resetAtMs - nowMs));
      }
    }
    expect(refused).toBeLessThanOrEqual(10);
  });
});
