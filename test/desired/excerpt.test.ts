import { describe, expect, test } from 'vitest';
import { fc, test as lawTest } from '@fast-check/vitest';
import { excerptAt } from '../../src/desired/excerpt.js';
import { hideSecrets, quote } from '../../src/desired/hide-secrets.js';
import { makeSourceText } from '../../src/desired/source-text.js';
import { workMs } from '../support/work.js';

/** The excerpt for the first place of `word` in a line, with what is marked. */
const marked = (line: string, word: string): { readonly line: string; readonly marked: string } => {
  const source = makeSourceText('a.yaml', line);
  const excerpt = excerptAt(source, source.placeAt(line.indexOf(word)), word.length);
  return { line: excerpt.line, marked: excerpt.line.slice(excerpt.caret, excerpt.caret + excerpt.width) };
};

describe('the mark stays below what it means', () => {
  test.each([
    [
      'after a password',
      'callbackUrl: https://u:secret@h, mutee: 1',
      'mutee',
      'callbackUrl: https://u:***@h, mutee: 1',
    ],
    [
      'before a password',
      '{mutee: 1, callbackUrl: https://u:secret@h}',
      'mutee',
      '{mutee: 1, callbackUrl: https://u:***@h}',
    ],
    [
      'between two',
      '{a: "http://u:sec@h", mutee: 1, b: "http://u:ret@h"}',
      'mutee',
      '{a: "http://u:***@h", mutee: 1, b: "http://u:***@h"}',
    ],
    ['after a tab', '\ta:\tmutee', 'mutee', ' a: mutee'],
    ['after control characters', '\u0000\u001b\u202e mutee', 'mutee', '\uFFFD\uFFFD\uFFFD mutee'],
  ])('%s', (_name, line, word, shown) => {
    expect(marked(line, word)).toEqual({ line: shown, marked: word });
  });

  test('a URL with a password is marked as shown', () => {
    expect(marked('fallbackUrl: https://u:secret@h/x', 'https://u:secret@h/x').marked).toBe(
      'https://u:***@h/x',
    );
  });

  test('a mark ends with its line', () => {
    const source = makeSourceText('a.yaml', '- a\r\n- b\r\n');
    expect(excerptAt(source, source.placeAt(0), 8)).toEqual({ line: '- a', caret: 0, width: 3 });
  });

  test('past the end of the line', () => {
    const source = makeSourceText('a.yaml', 'mute:');
    expect(excerptAt(source, source.placeAt(5), 0)).toEqual({ line: 'mute:', caret: 5, width: 1 });
  });
});

describe('long lines', () => {
  test.each([0, 50, 170, 700, 100_000])('with %i characters before', (before) => {
    const line = `${'x '.repeat(before / 2)}mutee: 1${' y'.repeat(5_000)}`;
    const shown = marked(line, 'mutee');
    expect(shown.marked).toBe('mutee');
    expect(shown.line.length).toBeLessThanOrEqual(162);
    expect(shown.line.endsWith('…')).toBe(true);
    expect(shown.line.startsWith('…')).toBe(before > 60);
  });

  test('half a URL at a cut is left out', () => {
    const secret = 's'.repeat(3_000);
    const line = `a: https://u:${secret}@h mutee: 1 b: https://u:${secret}@h`;
    expect(marked(line, 'mutee').marked).toBe('mutee');
    expect(marked(line, 'mutee').line).not.toContain('sss');
  });
});

describe('hideSecrets', () => {
  test.each([
    ['https://u:secret@h/x', 'https://u:***@h/x'],
    ['https://u:sec/ret@h', 'https://u:***@h'],
    ['https://u:sec#ret@h', 'https://u:***@h'],
    ['https://u:sec ret@h', 'https://u:***@h'],
    ['https:/u:secret@h', 'https:***@h'],
    ['u:secret@h', 'u:***@h'],
    ['"u:secret@h"', '"u:***@h"'],
    ['//u:secret@h', '//u:***@h'],
    ['mail me@h', 'mail me@h'],
    ['https://token@h', 'https://token@h'],
    // Quotes in it, so that it is no URL.
    [`https://u:it's/sec"ret@h`, 'https://u:***@h'],
    ['https://u@corp:sec/ret@h', 'https://u@corp:***@h'],
    // The line ends before the @.
    ['"https://u:secret', '"https://u:***'],
    ['http://h:8080/x', 'http://h:8080/x'],
    ['http://h:8080', 'http://h:8080'],
    ['http://[::1]:8080/x', 'http://[::1]:8080/x'],
    ['{a: "https://u:se/cret@h", b: https://u:***@h}', '{a: "https://u:***@h", b: https://u:***@h}'],
  ])('%s', (text, shown) => {
    expect(hideSecrets(text)).toBe(shown);
    expect(hideSecrets(hideSecrets(text))).toBe(shown);
  });

  const password = fc
    .oneof(
      fc.stringMatching(/^[A-Za-z0-9/#? :@%]{4,20}$/),
      fc.stringMatching(/^[A-Za-z0-9/#? :%"'`<>,[\]{}\\|=+&$!.-]{4,20}$/),
    )
    .filter((text) => !text.includes('://'))
    .map((text) => `Zq7${text}Zq7`);
  lawTest.prop([password, fc.constantFrom('', ' ', '"', '{a: '), fc.string({ maxLength: 5 })])(
    'no password in a URL survives',
    (secret, before, after) => {
      expect(hideSecrets(`${before}https://user:${secret}@host${after}`)).not.toContain('Zq7');
    },
  );
});

describe('a long text', () => {
  const hostile = ['a', '@//a: ', '"a:', 'a://b:', '//', ' a:b', '***@', "'"];
  test.each(hostile)('of nothing but %j takes no longer than its length', (piece) => {
    const took = workMs(() => {
      hideSecrets(`@${piece.repeat(300_000 / piece.length)}`);
      hideSecrets(`${piece.repeat(300_000 / piece.length)}@`);
    });
    expect(took).toBeLessThan(5_000);
  });

  lawTest.prop([fc.stringMatching(/^[A-Za-z0-9,;'"{}[\] ]{1,30}$/), fc.nat(900)])(
    'is cut anywhere, and no password is seen that the cut goes through',
    (piece, before) => {
      const secret = `Zq7${piece}`.repeat(60);
      const shown = marked(`{a: https://u:${secret}@h, ${'x '.repeat(before / 2)}mutee: 1}`, 'mutee');
      expect(shown.line).not.toContain('Zq7');
      const right = marked(`{mutee: 1, ${'x '.repeat(before / 2)}a: https://u:${secret}@h}`, 'mutee');
      expect(right.line).not.toContain('Zq7');
    },
  );
});

describe('quote', () => {
  test.each<[unknown, string]>([
    ['a"b', '"a\\"b"'],
    ['a\nb\u001b', '"a\\nb\\u001b"'],
    ['\u202e', '"\uFFFD"'],
    [12.5, '12.5'],
    ['x'.repeat(61), `"${'x'.repeat(59)}…"`],
    [`${'x'.repeat(58)}😀😀`, `"${'x'.repeat(58)}…"`],
    ['x'.repeat(20_000), 'a text of 20000 characters'],
  ])('%j', (value, shown) => {
    expect(quote(value)).toBe(shown);
  });
});
