/** What is remembered is bounded by its weight, and what is in use always stays. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { makeRecent } from '../../../src/source/git/recent.js';

const keys = 'abcdefgh'.split('');
const step = fc.record({ key: fc.constantFrom(...keys), weight: fc.nat({ max: 9 }) });

describe('makeRecent', () => {
  it('lets go first of what was used longest ago', () => {
    const recent = makeRecent<string>(2);
    for (const key of ['a', 'b', 'c']) recent.set(key, key, 1);
    recent.keep(['a']);
    recent.set('d', 'd', 1);
    recent.keep(['d']);
    expect(keys.filter((key) => recent.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  test.prop([fc.array(step, { maxLength: 20 }), fc.subarray(keys), fc.nat({ max: 20 })])(
    'keeps what is used, and no more than so much of the rest',
    (steps, used, limit) => {
      const recent = makeRecent<string>(limit);
      for (const { key, weight } of steps) recent.set(key, key, weight);
      recent.keep(used);
      const last = new Map(steps.map(({ key, weight }) => [key, weight]));
      const left = keys.filter((key) => recent.get(key) !== undefined);
      expect(left).toEqual(expect.arrayContaining(used.filter((key) => last.has(key))));
      const others = left.filter((key) => !used.includes(key));
      expect(others.reduce((sum, key) => sum + (last.get(key) ?? 0), 0)).toBeLessThanOrEqual(limit);
    },
  );
});
