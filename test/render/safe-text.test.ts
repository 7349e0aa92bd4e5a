import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, quote, safeJsonText, safeText, shorten } from '../../src/render/safe-text.js';
import { hostileText } from '../arbitrary/plan.js';

const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

describe('safeText', () => {
  it.each([
    ['plain words', 'plain words'],
    ['two\nlines\tand\r', 'two\\nlines\\tand\\r'],
    ['\u001b[2Jgone', '\\u001b[2Jgone'],
    ['\u009b31m', '\\u009b31m'],
    ['\u007f', '\\u007f'],
    ['\u2028\u202eevil\u200f', '\\u2028\\u202eevil\\u200f'],
    ['half \ud800', 'half \\ud800'],
    ['👩‍🚀 会議 אבג', '👩‍🚀 会議 אבג'],
  ])('%j', (text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  test.prop([hostileText])('leaves nothing unsafe, and nothing to do for a second time', (text) => {
    expect(safeText(text)).not.toMatch(unsafe);
    expect(safeText(safeText(text))).toBe(safeText(text));
  });
});

describe('safeJsonText', () => {
  test.prop([fc.array(hostileText)])('decodes to the same value', (texts) => {
    const json = safeJsonText(JSON.stringify(texts, null, 2));
    expect(json.replaceAll('\n', '')).not.toMatch(unsafe);
    expect(JSON.parse(json)).toEqual(texts);
  });
});

describe('quote', () => {
  it.each([
    ['all-hands', 60, 0, '"all-hands"'],
    ['say "hi"\\', 60, 0, '"say \\"hi\\"\\\\"'],
    ['12345678', 8, 0, '"12345678"'],
    ['123456789', 8, 0, '"12345678"…'],
    ['123456789', 3, 4, '…"567"…'],
    ['会議会議', 5, 0, '"会議"…'],
    ['', 60, 0, '""'],
  ])('%j to %d columns from %d', (text, limit, start, quoted) => {
    expect(quote(text, limit, start)).toBe(quoted);
  });

  test.prop([hostileText])('is what JSON reads back when it is not cut', (text) => {
    expect(JSON.parse(quote(text, Number.POSITIVE_INFINITY))).toBe(text);
  });

  test.prop([hostileText, fc.integer({ min: 0, max: 30 })])('is no longer than its limit', (text, limit) => {
    expect(columns(quote(text, limit))).toBeLessThanOrEqual(limit + 3);
  });
});

describe('shorten', () => {
  it('cuts between characters, not inside of one', () => {
    expect(shorten('ab👩‍🚀', 3)).toBe('ab…');
    expect(shorten('ab', 2)).toBe('ab');
  });

  it('has a limit for marks that take no room', () => {
    expect(shorten('\u0301'.repeat(1000), 10)).toBe(`${'\u0301'.repeat(10)}…`);
  });
});

describe('columns', () => {
  it.each([
    ['abc', 3],
    ['会議', 4],
    ['e\u0301', 1],
    ['🎉', 2],
  ])('%s takes %d', (text, wanted) => {
    expect(columns(text)).toBe(wanted);
  });
});
