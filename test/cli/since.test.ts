import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { parseSince } from '../../src/cli/since.js';

const nowMs = Date.UTC(2026, 1, 28, 12);

describe('--since', () => {
  it.each([
    ['30m', '2026-02-28T11:30:00.000Z'],
    ['1.5h', '2026-02-28T10:30:00.000Z'],
    ['7d', '2026-02-21T12:00:00.000Z'],
    ['0s', '2026-02-28T12:00:00.000Z'],
    ['2026-02-01', '2026-02-01T00:00:00.000Z'],
    ['2026-02-01T09:30', '2026-02-01T09:30:00.000Z'],
    ['2026-02-01T09:30:10', '2026-02-01T09:30:10.000Z'],
    ['2026-02-01T09:30:10.5Z', '2026-02-01T09:30:10.500Z'],
    ['2026-02-01T00:30+01:00', '2026-01-31T23:30:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseSince(nowMs)(text)).toEqual(E.right(O.some(Date.parse(moment))));
  });

  it.each([
    '',
    'yesterday',
    '7',
    '7 d',
    '-7d',
    '7w',
    '2026',
    '2026-02',
    '2026-2-1',
    '2026-02-29',
    '2026-02-31',
    '2026-13-01',
    '2026-02-01T24:01',
    '2026-02-01T09',
    '2026-02-01 09:30',
    '2026-02-01T09:30:10.5z',
    '2026-02-01Z',
    '1767225600000',
  ])('%j is no time, and it is said what one is', (text) => {
    const refused = parseSince(nowMs)(text);
    expect(E.isLeft(refused) ? refused.left : '').toMatch(/is no time: write how long ago, such as 30m/);
  });
});
