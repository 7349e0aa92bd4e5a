import { expect, it } from 'vitest';
import { leftText } from '../../src/render/progress.js';

it.each([
  ['nothing', { 1: 0, 2: 0, 3: 0 }, 1_005, 'none left'],
  ['one lane', { 1: 0, 2: 40, 3: 0 }, 1_005, '40 left, about 40 s'],
  ['less than a second', { 1: 1, 2: 0, 3: 0 }, 202, '1 left, about 1 s'],
  ['five a second', { 1: 0, 2: 600, 3: 0 }, 202, '600 left, about 2 min 1 s'],
  ['several lanes', { 1: 1, 2: 3, 3: 0 }, 1_005, '4 left, about 4 s: 1 in lane 1, 3 in lane 2'],
  ['no limit', { 1: 2, 2: 0, 3: 0 }, 0, '2 left'],
])('%s', (_what, lanes, intervalMs, expected) => {
  expect(leftText(lanes, intervalMs)).toBe(expected);
});
