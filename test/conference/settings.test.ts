import { test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import {
  bodyEntries,
  callbackTimeoutLimitsMs,
  decodeSetting,
  defaults,
  isAudible,
  isSetting,
  sameValue,
  sealBody,
  sealValue,
  settingNames,
  toBody,
  type Setting,
} from '../../src/conference/settings.js';
import { ConferenceId } from '../../src/conference/id.js';
import { showPlace } from '../../src/conference/place.js';
import { body, bySetting, settingName, valueOf } from '../arbitrary/settings.js';

describe('decoding a setting', () => {
  it.each<readonly [Setting, unknown, unknown]>([
    ['state', 'completed', 'completed'],
    ['hold', true, true],
    ['hold', 'true', true],
    ['mute', 'false', false],
    ['callbackHttpMethod', 'post', 'POST'],
    ['callbackHttpMethod', 'Get', 'GET'],
    ['callbackTimeout', 1, 1],
    ['callbackTimeout', '2000', 2000],
    ['callbackTimeout', 10_000, 10_000],
    ['callbackUrl', 'https://a.example.com/x', 'https://a.example.com/x'],
    ['fallbackUrl', 'HTTP://a.example.com', 'HTTP://a.example.com'],
    ['tag', '', ''],
  ])('%s takes %j as %j', (setting, input, value) => {
    expect(decodeSetting(setting, input)).toStrictEqual(E.right(value));
  });

  it.each<readonly [Setting, unknown]>([
    ['state', 'active'],
    ['state', 'Completed'],
    ['hold', 'yes'],
    ['hold', 'TRUE'],
    ['mute', 1],
    ['mute', null],
    ['callbackHttpMethod', 'PUT'],
    ['callbackTimeout', 0],
    ['callbackTimeout', 10_001],
    ['callbackTimeout', 1.5],
    ['callbackTimeout', '1e3'],
    ['callbackTimeout', ' 5'],
    ['callbackTimeout', Number.NaN],
    ['callbackUrl', 'ftp://a.example.com'],
    ['callbackUrl', '/relative'],
    ['tag', 5],
    ['tag', true],
  ])('%s refuses %j', (setting, input) => {
    expect(E.isLeft(decodeSetting(setting, input))).toBe(true);
  });

  test.prop([bySetting(valueOf)])('takes its own normal form as it is', (entries) => {
    for (const [name, value] of entries) expect(decodeSetting(name, value)).toStrictEqual(E.right(value));
  });
});

describe('the settings', () => {
  it('are eight, three of them heard, four with a default', () => {
    expect(settingNames).toStrictEqual([
      'state',
      'hold',
      'mute',
      'callbackUrl',
      'callbackHttpMethod',
      'callbackTimeout',
      'fallbackUrl',
      'tag',
    ]);
    expect(settingNames.filter(isAudible)).toStrictEqual(['state', 'hold', 'mute']);
    expect(defaults).toStrictEqual({
      hold: false,
      mute: false,
      callbackHttpMethod: 'POST',
      callbackTimeout: 10_000,
    });
    expect(callbackTimeoutLimitsMs).toStrictEqual({ min: 1, max: 10_000 });
  });

  it.each([
    ['mute', true],
    ['Mute', false],
    ['protect', false],
    ['constructor', false],
  ])('%s: %s', (name, known) => {
    expect(isSetting(name)).toBe(known);
  });
});

describe('a body', () => {
  test.prop([body])('comes back from its entries, in the order of the API', (found) => {
    expect(toBody(bodyEntries(found))).toStrictEqual(found);
    const names = bodyEntries(found).map(([name]) => name);
    expect(names).toStrictEqual(settingNames.filter((name) => names.includes(name)));
  });

  test.prop([body])('can be stored without any password, and stored again', (found) => {
    const sealed = sealBody(found);
    expect(JSON.stringify(sealed)).not.toContain('pa:ss');
    expect(sealBody(sealed)).toStrictEqual(sealed);
    for (const [name, value] of bodyEntries(found)) expect(sealed[name]).toBe(sealValue(value));
  });

  test.prop([settingName])('has no entry for what it does not set', (name) => {
    expect(bodyEntries({ [name]: undefined })).toStrictEqual([]);
  });
});

describe('the same value', () => {
  const open = 'https://user:one@a.example.com/';
  it.each([
    [true, true, true],
    [true, false, false],
    [1, 1, true],
    [1, '1', false],
    [true, 'true', false],
    ['', '', true],
    [open, open, true],
    [open, sealValue(open), true],
    [sealValue(open), open, true],
    [open, 'https://user:two@a.example.com/', false],
    [open, 'https://user:one@b.example.com/', false],
    ['https://a.example.com', 'https://a.example.com/', false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(sameValue(left, right)).toBe(same);
  });
});

it.each([
  ['conf-25adm5b6fxyyd6ad2rcqvoqa', true],
  ['A', true],
  ['0.-_', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['-a', false],
  ['.a', false],
  ['a/b', false],
  ['a b', false],
  ['a\n', false],
  ['ä', false],
])('%j is an id: %s', (text, valid) => {
  expect(ConferenceId.is(text)).toBe(valid);
});

it('a place is shown as editors read it', () => {
  expect(showPlace({ path: 'desired/a.yaml', line: 7, column: 11 })).toBe('desired/a.yaml:7:11');
});
