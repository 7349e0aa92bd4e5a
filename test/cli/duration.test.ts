import * as O from 'fp-ts/lib/Option.js';
import { expect, it } from 'vitest';
import { parseDuration, writeDuration } from '../../src/cli/duration.js';

it.each<[string, number | undefined]>([
  ['500ms', 500],
  ['10s', 10_000],
  [' 15m ', 900_000],
  ['1h', 3_600_000],
  ['1.5h', 5_400_000],
  ['7d', 604_800_000],
  ['0s', 0],
  ['15', undefined],
  ['', undefined],
  ['m', undefined],
  ['-1s', undefined],
  ['1 h', undefined],
  ['1h30m', undefined],
  ['1H', undefined],
  ['1e3s', undefined],
])('%j is %j ms', (text, expected) => {
  expect(O.toUndefined(parseDuration(text))).toBe(expected);
});

it.each<[number, string]>([
  [1_000, '1s'],
  [90_000, '90s'],
  [900_000, '15m'],
  [604_800_000, '7d'],
  [1_500, '1500ms'],
])('%j ms is written %s, and read again', (ms, text) => {
  expect(writeDuration(ms)).toBe(text);
  expect(parseDuration(text)).toStrictEqual(O.some(ms));
});
