import { fc, test as property } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { parseLive } from '../../src/catapult/live.js';

const settingsOf = (more: object): unknown =>
  E.getOrElseW((message: string) => ({ settings: message }))(
    parseLive(JSON.stringify({ state: 'active', ...more })),
  ).settings;

describe('what a GET answers', () => {
  it("reads the API's own sample", () => {
    const sample =
      '{"id":"conf-id1","createdTime":"2014-08-14T14:10:24Z","state":"created","from":"+number","activeMembers":0}';
    expect(parseLive(sample)).toEqual(E.right({ state: 'created', activeMembers: O.some(0), settings: {} }));
  });

  it('reads every setting', () => {
    const settings = {
      hold: true,
      mute: false,
      callbackUrl: 'https://a.example/',
      callbackHttpMethod: 'GET',
      callbackTimeout: 2000,
      fallbackUrl: 'https://b.example/',
      tag: 'x',
    };
    expect(parseLive(JSON.stringify({ state: 'COMPLETED', activeMembers: '3', ...settings }))).toEqual(
      E.right({ state: 'completed', activeMembers: O.some(3), settings }),
    );
  });

  it.each([
    [
      { hold: 'true', mute: 'false' },
      { hold: true, mute: false },
    ],
    [
      { callbackTimeout: '2000', callbackHttpMethod: 'post' },
      { callbackTimeout: 2000, callbackHttpMethod: 'POST' },
    ],
    [{ callbackTimeout: 20_000 }, { callbackTimeout: 20_000 }],
    [
      { callbackUrl: 'odd', tag: '' },
      { callbackUrl: 'odd', tag: '' },
    ],
    [{ callbackUrl: '', fallbackUrl: '' }, {}],
    [{ hold: null, callbackUrl: null, tag: null, callbackTimeout: null }, {}],
    [{ hold: 1, mute: 'yes', callbackUrl: 7, callbackHttpMethod: 'PUT', callbackTimeout: 1.5, tag: {} }, {}],
    [{ callbackTimeout: '', profile: 'interpret_digits', unknown: [] }, {}],
  ])('%j gives %j', (answered, settings) => {
    expect(settingsOf(answered)).toEqual(settings);
  });

  it.each([
    ['', 'the answer is not a JSON object'],
    ['<html>', 'the answer is not a JSON object'],
    ['[]', 'the answer is not a JSON object'],
    ['{"state":"active"', 'the answer is not a JSON object'],
    ['{}', 'the answer has no state'],
    ['{"state":1}', 'the answer has no state'],
    ['{"state":"paused"}', "the answer has an unknown state, 'paused'"],
  ])('%j is refused', (body, message) => {
    expect(parseLive(body)).toEqual(E.left(message));
  });

  it('does without the members when their number is odd', () => {
    expect(parseLive('{"state":"active","activeMembers":-1}')).toMatchObject({
      right: { activeMembers: O.none },
    });
  });

  property.prop([fc.json()])('reading is total', (body) => {
    expect(['Left', 'Right']).toContain(parseLive(body)._tag);
  });
});
