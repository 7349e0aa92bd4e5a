import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from '../../src/ledger/store.js';
import { callsAndTime, showDuration } from '../../src/render/duration.js';

describe('showDuration', () => {
  it.each<readonly [number, string]>([
    [0, '0 s'],
    [1, '1 s'],
    [2.1, '3 s'],
    [59, '59 s'],
    [59.5, '1 min'],
    [60, '1 min'],
    [100, '1 min 40 s'],
    [1000, '16 min 40 s'],
    [3599, '59 min 59 s'],
    [3599.5, '1 h'],
    [3600, '1 h'],
    [3601, '1 h 1 min'],
    [7199, '2 h'],
    [7500, '2 h 5 min'],
    [7501, '2 h 6 min'],
    [100_000, '27 h 47 min'],
  ])('%d seconds are %s', (seconds, words) => {
    expect(showDuration(seconds)).toBe(words);
  });

  test.prop([fc.integer({ min: 0, max: 10_000_000 })])(
    'never says less than it takes, nor a minute more',
    (seconds) => {
      const said = secondsIn(showDuration(seconds));
      expect(said).toBeGreaterThanOrEqual(seconds);
      expect(said).toBeLessThan(seconds + 60);
    },
  );
});

describe('callsAndTime', () => {
  it.each<readonly [number, number, Rate, string]>([
    [3, 3, 1, '3 calls, about 3 s at 1/s'],
    [1, 1, 1, '1 call, about 1 s at 1/s'],
    [1000, 1000, 1, '1000 calls, about 16 min 40 s at 1/s'],
    [3, 6, 0.5, '3 calls, about 6 s at 0.5/s'],
    [3, 0, 'unlimited', '3 calls'],
    [0, 0, 1, '0 calls'],
  ])('%d calls in %d s at %s', (calls, seconds, rate, words) => {
    expect(callsAndTime(calls, seconds, rate)).toBe(words);
  });
});

const unitSeconds: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

const secondsIn = (words: string): number =>
  [...words.matchAll(/(\d+) (s|min|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit ?? ''] ?? Number.NaN),
    0,
  );
