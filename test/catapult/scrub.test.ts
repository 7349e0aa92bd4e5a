import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { makeScrub } from '../../src/catapult/scrub.js';
import { workMs } from '../support/work.js';

const units = (word: string, show: (code: number) => string): string =>
  word
    .split('')
    .map((unit) => show(unit.charCodeAt(0)))
    .join('');
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const inJson = (word: string): string => JSON.stringify(word).slice(1, -1);
const html: Readonly<Partial<Record<string, string>>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (word: string): string => word.replace(/[&<>"']/g, (sign) => html[sign] ?? sign);

/** How a word may come back. */
const spellings: readonly (readonly [string, (word: string) => string])[] = [
  ['as it is', (word) => word],
  ['in capitals', (word) => word.replace(/[a-z]/g, (letter) => letter.toUpperCase())],
  ['in small letters', (word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase())],
  ['in a URL', encodeURIComponent],
  ['in a URL, in small letters', (word) => encodeURIComponent(word).toLowerCase()],
  ['in a URL within a URL', (word) => encodeURIComponent(encodeURIComponent(word))],
  ['in a form', (word) => new URLSearchParams({ a: word }).toString().slice(2)],
  ['in JSON', inJson],
  ['in JSON within JSON', (word) => inJson(inJson(word))],
  ['in JSON with escaped slashes', (word) => inJson(word).replaceAll('/', '\\/')],
  ['in JSON, all escaped', (word) => units(word, (code) => `\\u${hex(code, 4)}`)],
  ['in HTML', inHtml],
  ['in HTML within HTML', (word) => inHtml(inHtml(word))],
  ['in HTML, by numbers', (word) => Array.from(word, (sign) => `&#${sign.codePointAt(0) ?? 0};`).join('')],
  [
    'in HTML, by hex numbers',
    (word) =>
      Array.from(word, (sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()};`).join(''),
  ],
];

describe('a secret', () => {
  const word = fc
    .oneof(
      fc.stringMatching(/^[ -~]{4,40}$/),
      fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }),
      fc.stringMatching(/^[A-Za-z0-9"'\\/<>&%+=: @{}-]{4,40}$/),
    )
    .map((text) => `Zq8canary${text.trim().replace(/\s+/g, ' ')}qZ`);

  it.each(spellings)('is found %s', (_name, spell) => {
    fc.assert(
      fc.property(word, fc.constantFrom('', ' ', '"', 'x'), (secret, around) => {
        expect(makeScrub([secret])(`${around}${spell(secret)}${around}`)).toBe(`${around}***${around}`);
      }),
    );
  });

  test.prop([word])('is found where blanks were joined and invisible signs left out', (secret) => {
    const visible = secret.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
    expect(makeScrub([secret])(visible)).not.toContain('Zq');
  });

  it('which holds another one leaves no rest behind', () => {
    expect(makeScrub(['canary', 'the-canary-sings'])('the-canary-sings, canary')).toBe('***, ***');
  });

  it('of three characters is not looked for', () => {
    expect(makeScrub(['abc', ''])('abc')).toBe('abc');
  });

  it('is looked for in no more time than the text is long', () => {
    const scrub = makeScrub(['\\\\\\\\a"b c&d', 'aaaaaaaaaaaaaaaaab', 'x    x', '\\\\x\\\\y', '""""x']);
    const took = workMs(() => {
      for (const piece of ['\\', 'a', ' ', '&amp;', '%25', '+', '&#0', '0'])
        scrub(`&#${piece.repeat(16_384 / piece.length)}`);
    });
    expect(took).toBeLessThan(15_000);
  });
});
