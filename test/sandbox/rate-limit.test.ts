import { describe, expect, it } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import { admit, type Rate } from '../../src/sandbox/rate-limit.js';

const never = Number.NEGATIVE_INFINITY;

/** Which of the calls at these moments are let through. */
const admitted = (moments: readonly number[], rate: Rate): readonly number[] => {
  let start = never;
  return moments.filter((nowMs) => {
    const admission = admit(start, nowMs, rate, 'allowed');
    start = admission.intervalStartMs;
    return admission.allowed;
  });
};

describe('the rate limit', () => {
  it.each<readonly [Rate, readonly number[], readonly number[]]>([
    [1, [0, 1, 999, 1000, 1999, 2000], [0, 1000, 2000]],
    [1, [0, 1500, 2400, 2500], [0, 1500, 2500]],
    [10, [0, 99, 100, 150, 200], [0, 100, 200]],
    [0.5, [0, 1000, 2000], [0, 2000]],
    ['unlimited', [0, 0, 0, 1], [0, 0, 0, 1]],
  ])('at %s of the calls at %j allows %j', (rate, moments, allowed) => {
    expect(admitted(moments, rate)).toEqual(allowed);
  });

  it('names the moment from which the next call is allowed', () => {
    expect(admit(1000, 1400, 1, 'allowed')).toEqual({
      allowed: false,
      resetAtMs: 2000,
      intervalStartMs: 1000,
    });
    expect(admit(1000, 1001, 3, 'allowed').resetAtMs).toBe(1334);
  });

  it('may count refused calls', () => {
    expect(admit(1000, 1400, 1, 'every')).toEqual({ allowed: false, resetAtMs: 2400, intervalStartMs: 1400 });
  });

  test.prop([fc.nat(), fc.nat(5000), fc.integer({ min: 1, max: 50 })])(
    'allows the call at the moment it named',
    (start, after, rate) => {
      const refused = admit(start, start + after, rate, 'allowed');
      fc.pre(!refused.allowed);
      expect(admit(refused.intervalStartMs, refused.resetAtMs, rate, 'allowed').allowed).toBe(true);
    },
  );
});
