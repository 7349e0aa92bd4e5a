import { describe, expect, it } from 'vitest';
import { seal } from '../../src/conference/url.js';
import type { SettingValue } from '../../src/conference/settings.js';
import { maskValue, showStep, showValue } from '../../src/render/value.js';

describe('showValue', () => {
  it.each<readonly [SettingValue, string]>([
    [true, 'true'],
    [10_000, '10000'],
    ['all-hands', '"all-hands"'],
    ['', '""'],
    ['two\nlines', '"two\\nlines"'],
    ['https://user:secret@example.com/x', '"https://user:***@example.com/x"'],
    ['t'.repeat(61), `"${'t'.repeat(60)}"…`],
  ])('%j', (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });
});

describe('showStep', () => {
  const long = `{"room":"${'r'.repeat(60)}","floor":`;
  const url = (password: string): string => `https://user:${password}@example.com/`;

  it.each<readonly [string, SettingValue, SettingValue, readonly [string, string]]>([
    ['flags', false, true, ['false', 'true']],
    ['a long text that differs late', `${long}1}`, `${long}2}`, ['…"","floor":1}"', '…"","floor":2}"']],
    ['a long text that grows', long, `${long}2}`, ['…"","floor":"', '…"","floor":2}"']],
    [
      'a password',
      seal(url('a')),
      url('b'),
      [showValue(url('a')), `${showValue(url('b'))} (another password)`],
    ],
    ['the same password', seal(url('a')), url('a'), [showValue(url('a')), showValue(url('a'))]],
  ])('%s', (_name, from, to, shown) => {
    expect(showStep(from, to).map((text) => text.replaceAll('\\"', '"'))).toEqual(shown);
  });
});

describe('maskValue', () => {
  it.each<readonly [SettingValue, SettingValue]>([
    [true, true],
    ['all-hands', 'all-hands'],
    ['http://host:8080/@x', 'http://host:8080/@x'],
    ['https://user@host/', 'https://user@host/'],
    ['https://user:secret@host/', 'https://user:***@host/'],
    ['https://user:sec@ret@host/', 'https://user:***@host/'],
    ['https://us"er:secret@host/', 'https://us"er:***@host/'],
    ['see "https://user:secret@host/" there', 'see "https://user:***@host/" there'],
    [seal('https://user:secret@host/'), 'https://user:***@host/'],
  ])('%j', (value, masked) => {
    expect(maskValue(value)).toBe(masked);
  });
});
