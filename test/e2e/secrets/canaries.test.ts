import { describe, expect, it } from 'vitest';
import { account, callbackUrl, eventsUrl, secret, seenIn, token } from './canaries.js';

describe('a canary', () => {
  const spellings: readonly (readonly [string, (text: string) => string])[] = [
    ['as it is', (text) => text],
    ['in small letters', (text) => text.toLowerCase()],
    ['in JSON', (text) => JSON.stringify(text)],
    ['in a URL', encodeURIComponent],
    ['in Base64', (text) => Buffer.from(text).toString('base64')],
    ['in Base64 for URLs', (text) => Buffer.from(`a${text}`).toString('base64url')],
    ['in Base64 further on', (text) => Buffer.from(`ab${text}`).toString('base64')],
    [
      'in escapes',
      (text) => Array.from(text, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ],
  ];

  it.each(spellings)('is seen %s', (_name, spell) => {
    expect(seenIn(`x ${spell(token)} y`)).toEqual(['token']);
    expect(seenIn(`x ${spell(`${token}:${secret}`)} y`)).toEqual(['token', 'secret']);
    expect(seenIn(spell(callbackUrl))).toEqual(['password']);
    expect(seenIn(spell(eventsUrl))).toEqual(['events']);
  });

  it('is not seen where there is none', () => {
    const hidden = {
      BANDWIDTH_API_TOKEN: '',
      BANDWIDTH_API_SECRET: '',
      HOLDFAST_EVENTS_SECRET: '',
      HOLDFAST_HOOK_SECRET: '',
    };
    expect(seenIn(JSON.stringify({ ...account, ...hidden }))).toEqual([]);
  });
});
