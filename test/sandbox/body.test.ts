import { describe, expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import { defaultAssumptions } from '../../src/catapult/assumptions.js';
import { parseBody, type JsonObject } from '../../src/sandbox/body.js';
import type { Command } from '../../src/sandbox/world.js';
import { add, create, message, play, run, said, update, updateMember } from './model.js';

const oneOf = (resource: string, property: string, values: string): string =>
  `The '${resource}' resource property '${property}' must be one of the following values: ${values}`;

const limits: readonly (readonly [JsonObject, string])[] = [
  [{ state: 'active' }, oneOf('conference', 'state', 'completed')],
  [{ state: 'created' }, oneOf('conference', 'state', 'completed')],
  [{ state: '' }, oneOf('conference', 'state', 'completed')],
  [{ state: true }, oneOf('conference', 'state', 'completed')],
  [{ hold: 'yes' }, oneOf('conference', 'hold', 'true, false')],
  [{ mute: 'TRUE' }, oneOf('conference', 'mute', 'true, false')],
  [{ mute: 1 }, oneOf('conference', 'mute', 'true, false')],
  [{ mute: {} }, oneOf('conference', 'mute', 'true, false')],
  [{ callbackHttpMethod: 'PUT' }, oneOf('conference', 'callbackHttpMethod', 'GET, POST')],
  [
    { callbackTimeout: 10_001 },
    "The 'conference' resource property 'callbackTimeout' exceeds the limit of 10000",
  ],
  [
    { callbackTimeout: '99999999999' },
    "The 'conference' resource property 'callbackTimeout' exceeds the limit of 10000",
  ],
  [{ callbackTimeout: 0 }, "The 'conference' resource property 'callbackTimeout' must be greater than 0"],
  [{ callbackTimeout: '-5' }, "The 'conference' resource property 'callbackTimeout' must be greater than 0"],
  [{ callbackTimeout: 1.5 }, 'Bad parameters'],
  [{ callbackTimeout: 'soon' }, 'Bad parameters'],
  [{ callbackTimeout: '' }, 'Bad parameters'],
  [{ callbackTimeout: true }, 'Bad parameters'],
  [{ tag: 5 }, 'Bad parameters'],
];

describe('an update', () => {
  it.each(limits)('of %j is refused', (body, text) => {
    const refused = run([create(), update(body)]);
    expect(said(refused)).toBe('400 validation-error');
    expect(message(refused)).toBe(text);
  });

  it.each(['hooks.test/a', '/a', 'ftp://hooks.test', 'http://', 'http://a b/', ''])(
    'refuses the URL %j',
    (url) => {
      const refused = run([create(), update({ callbackUrl: url })]);
      expect(said(refused)).toBe('400 callback-invalid-url');
      expect(message(refused)).toBe(`The URL '${url}' is not a valid callbackUrl/fallbackUrl`);
    },
  );

  it.each<JsonObject>([
    { callbackTimeout: 1 },
    { callbackTimeout: '10000' },
    { mute: 'true', hold: 'false' },
    { callbackHttpMethod: 'get' },
    { tag: '' },
    { tag: '{"room":7}' },
    { callbackUrl: 'https://user:secret@hooks.test/a?b=c' },
    { from: 'anything', profile: 'anything', unheardOf: [] },
  ])('takes %j', (body) => {
    expect(said(run([create(), update(body)]))).toBe(200);
  });
});

describe('a new conference', () => {
  it.each<readonly [JsonObject, string, string]>([
    [
      { from: null },
      '400 missing-property',
      "The 'conference' resource property 'from' is required but was not specified",
    ],
    [{ from: 'me' }, '400 validation-error', 'Invalid phone number'],
    [{ from: 19703255647 }, '400 validation-error', 'Invalid phone number'],
    [
      { profile: 'other' },
      '400 validation-error',
      oneOf('conference', 'profile', 'interpret_digits, passthru_digits'),
    ],
    [{ callbackUrl: 'x' }, '400 callback-invalid-url', "The URL 'x' is not a valid callbackUrl/fallbackUrl"],
  ])('of %j is refused', (body, code, text) => {
    const refused = run([create(body)]);
    expect(said(refused)).toBe(code);
    expect(message(refused)).toBe(text);
    expect(refused.conference._tag).toBe('None');
  });
});

describe('a member', () => {
  it.each<readonly [Command, string, string]>([
    [
      add('m', { callId: null }),
      '400 missing-property',
      "The 'member' resource property 'callId' is required but was not specified",
    ],
    [
      add('m', { callId: '' }),
      '400 blank-property',
      "The 'member' resource property 'callId' can't be blank",
    ],
    [add('m', { joinTone: 'loud' }), '400 validation-error', oneOf('member', 'joinTone', 'true, false')],
    [updateMember('n', { state: 'active' }), '400 validation-error', oneOf('member', 'state', 'completed')],
    [updateMember('n', { mute: 'no' }), '400 validation-error', oneOf('member', 'mute', 'true, false')],
  ])('%j is refused', (command, code, text) => {
    const refused = run([create(), add('n'), command]);
    expect(said(refused)).toBe(code);
    expect(message(refused)).toBe(text);
  });
});

describe('sound', () => {
  it.each<readonly [JsonObject, string, string]>([
    [{}, '400 missing-property', "The 'audio' resource property 'fileUrl' is required but was not specified"],
    [{ fileUrl: 'song.mp3' }, '400 validation-error', 'Invalid fileUrl URL. fileUrl is not a valid URL'],
    [
      { sentence: 'a'.repeat(1001) },
      '400 validation-error',
      "The 'audio' resource property 'sentence' exceeds the limit of 1000",
    ],
    [{ sentence: 'a', gender: 'none' }, '400 validation-error', oneOf('audio', 'gender', 'male, female')],
    [
      { sentence: 'a', locale: 'en' },
      '400 validation-error',
      oneOf('audio', 'locale', 'en_US, en_UK, es, es_MX, fr, fr_FR, de, de_DE, it, it_IT'),
    ],
  ])('of %j is refused', (body, code, text) => {
    const refused = run([create(), play(body)]);
    expect(said(refused)).toBe(code);
    expect(message(refused)).toBe(text);
  });

  it.each<JsonObject>([
    { fileUrl: 'http://files.test/song.mp3', loopEnabled: 'true', tag: 'x' },
    { fileUrl: '' },
    { sentence: 'a'.repeat(1000), voice: 'Luca', locale: 'it', gender: 'male' },
    { sentence: '' },
  ])('of %j is taken', (body) => {
    expect(said(run([create(), play(body)]))).toBe(200);
  });
});

describe('the text of a body', () => {
  it.each([
    ['', {}],
    [' \n', {}],
    ['null', {}],
    ['{"mute":"true"}', { mute: 'true' }],
  ])('%j is read', (text, body) => {
    expect(parseBody(text, defaultAssumptions)).toEqual(E.right(body));
  });

  it.each(['{', '[]', '"text"', '5', 'mute=true', '{"mute":true,}'])('%j is refused', (text) => {
    expect(parseBody(text, defaultAssumptions)).toMatchObject(
      E.left({ status: 400, code: 'validation-error' }),
    );
  });
});
