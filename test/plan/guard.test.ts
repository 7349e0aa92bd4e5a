import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { guardOf, permits, tooManyWords } from '../../src/plan/guard.js';
import { callsOf } from '../../src/plan/make-plan.js';
import type { Guard } from '../../src/plan/plan.js';
import { applied, declare, diffBetween, recordOf, type Values } from './sides.js';

const free: Guard = { _tag: 'Free' };
const whenEmpty: Guard = { _tag: 'WhenEmpty' };
const atMost: Guard = { _tag: 'AtMost', audience: 5 };
const maxAudience = O.some(5);

describe('the guard of a change', () => {
  it.each<readonly [string, Values, boolean, Guard, Guard]>([
    ['an end', { state: 'completed', tag: 't' }, false, free, atMost],
    ['an end that waits', { state: 'completed' }, true, whenEmpty, whenEmpty],
    ['hold', { hold: true, tag: 't' }, false, free, atMost],
    ['no hold', { hold: false }, false, free, free],
    ['mute', { mute: true }, false, free, free],
    ['what is not heard', { tag: 't' }, false, free, free],
    ['nothing', {}, false, free, free],
  ])('%s', (_, values, waits, without, limited) => {
    const declared = declare(values, { whenEmpty: waits });
    const before = recordOf({ hold: applied(false), tag: applied('s'), mute: applied(false) });
    expect(guardOf(diffBetween(declared, before))).toStrictEqual(without);
    expect(guardOf(diffBetween(declared, before, { maxAudience }))).toStrictEqual(limited);
  });

  it.each<readonly ['complete' | 'reset', Guard]>([
    ['complete', atMost],
    ['reset', free],
  ])('of one that is removed, with --on-remove %s', (onRemove, guard) => {
    const change = diffBetween(undefined, recordOf({ hold: applied(true) }), { onRemove, maxAudience });
    expect(guardOf(change)).toStrictEqual(guard);
  });

  it('what is held already needs none', () => {
    const change = diffBetween(declare({ hold: true, tag: 't' }), recordOf({ hold: applied(true) }), {
      maxAudience,
    });
    expect(change).toMatchObject({ _tag: 'Update', guard: free });
  });

  it('costs a call', () => {
    const held = declare({ hold: true });
    const costs = [O.none, maxAudience].map((limit) =>
      callsOf(diffBetween(held, undefined, { maxAudience: limit })),
    );
    expect(costs).toStrictEqual([1, 2]);
  });
});

describe('an audience', () => {
  it.each<readonly [Guard, number | undefined, boolean]>([
    [free, undefined, true],
    [free, 20, true],
    [whenEmpty, 0, true],
    [whenEmpty, 1, false],
    [whenEmpty, undefined, false],
    [atMost, 0, true],
    [atMost, 5, true],
    [atMost, 6, false],
    [atMost, undefined, false],
  ])('%o permits %s: %s', (guard, audience, permitted) => {
    expect(permits(guard, O.fromNullable(audience))).toBe(permitted);
  });

  const guard = fc.oneof(
    fc.constantFrom(free, whenEmpty),
    fc.nat().map((audience): Guard => ({ _tag: 'AtMost', audience })),
  );
  test.prop([guard, fc.nat(), fc.nat()])(
    'that is smaller is permitted where a larger one is',
    (one, left, right) => {
      const [fewer, more] = [Math.min(left, right), Math.max(left, right)];
      expect(!permits(one, O.some(more)) || permits(one, O.some(fewer))).toBe(true);
    },
  );

  it.each([
    [1, 0, '1 person is in it, more than the 0 that --max-audience allows'],
    [7, 5, '7 people are in it, more than the 5 that --max-audience allows'],
    [
      undefined,
      5,
      'the API does not tell how many people are in it, and --max-audience allows no more than 5',
    ],
  ])('of %s where %i are allowed: %s', (audience, allowed, words) => {
    expect(tooManyWords(O.fromNullable(audience), allowed)).toBe(words);
  });
});
