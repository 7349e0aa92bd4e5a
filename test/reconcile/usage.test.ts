import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { makeUsage } from '../../src/reconcile/usage.js';

it.each([
  ['every turn used', 1_000, 1_000, 1],
  ['every other turn', 2_000, 1_000, 0.5],
  ['no limit', 10, 0, 0],
])('%s', (_what, everyMs, intervalMs, expected) => {
  const usage = makeUsage();
  for (let atMs = 0; atMs < 600_000; atMs += everyMs) usage.left(atMs);
  expect(usage.ratio(599_999, intervalMs)).toBeCloseTo(expected, 5);
});

it('forgets what was longer than a minute ago', () => {
  const usage = makeUsage();
  usage.left(1_000);
  expect(usage.ratio(1_500, 1_000)).toBeCloseTo(1 / 60, 5);
  expect(usage.ratio(61_000, 1_000)).toBe(0);
});

test.prop([fc.array(fc.nat({ max: 5_000 })), fc.nat({ max: 2_000 })])('is a share', (waitsMs, intervalMs) => {
  const usage = makeUsage();
  let nowMs = 0;
  for (const waitMs of waitsMs) {
    nowMs += waitMs;
    usage.left(nowMs);
  }
  const ratio = usage.ratio(nowMs, intervalMs);
  expect(ratio).toBeGreaterThanOrEqual(0);
  expect(ratio).toBeLessThanOrEqual(1);
});
