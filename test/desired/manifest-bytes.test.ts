import { describe, expect, test } from 'vitest';
import { largestManifestBytes } from '../../src/desired/broken-file.js';
import { readManifestBytes } from '../../src/desired/manifest-bytes.js';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([...part]))));

const found = (input: Uint8Array): readonly string[] =>
  readManifestBytes('a.yaml', input).problems.map(
    ({ at, rule, message }) => `${at.line}:${at.column} ${rule}: ${message}`,
  );

describe('encoding', () => {
  test('UTF-8, with and without a byte order mark', () => {
    const text = 'conferences: {a: {name: "é\uFFFD"}}';
    for (const input of [bytes(text), bytes([0xef, 0xbb, 0xbf], text)]) {
      const { declared, problems } = readManifestBytes('a.yaml', input);
      expect(problems).toEqual([]);
      expect(declared[0]?.at.column).toBe(15);
    }
  });

  test.each<[string, Uint8Array, string]>([
    ['Latin-1', bytes('# 1\n# gr', [0xfc], 'n\n'), '2:5 invalid-utf8: the byte 0xfc is not valid UTF-8'],
    ['cut off', bytes('é: ', [0xc3]), '1:4 invalid-utf8: the byte 0xc3 is not valid UTF-8'],
    [
      'half a surrogate pair',
      bytes('# ', [0xed, 0xa0, 0x80]),
      '1:3 invalid-utf8: the byte 0xed is not valid UTF-8',
    ],
    ['too long a form', bytes([0xc0, 0xaf]), '1:1 invalid-utf8: the byte 0xc0 is not valid UTF-8'],
    [
      'after a valid U+FFFD',
      bytes('# \uFFFD\n# \uFFFD', [0xff]),
      '2:4 invalid-utf8: the byte 0xff is not valid UTF-8',
    ],
    [
      'after a byte order mark',
      bytes([0xef, 0xbb, 0xbf], '# ', [0xff]),
      '1:3 invalid-utf8: the byte 0xff is not valid UTF-8',
    ],
    ['UTF-16', bytes([0xff, 0xfe, 0x61, 0x00]), '1:1 invalid-utf8: the byte 0xff is not valid UTF-8'],
  ])('%s', (_name, input, expected) => {
    expect(found(input)[0]).toBe(expected);
    expect(readManifestBytes('a.yaml', input).declared).toEqual([]);
  });

  test('it hides no other mistake, and makes none up on its own line', () => {
    const input = bytes('conferences:\n  a:\n    mutee: true\n    t', [0xe4], 'g: x\n    hold: 3\n');
    expect(found(input).map((problem) => problem.split(':', 2).join(':'))).toEqual([
      '3:5 unknown-key',
      '4:6 invalid-utf8',
      '5:11 invalid-flag',
    ]);
  });

  test('what is no text at all has one problem', () => {
    expect(found(bytes([0x89], 'PNG\r\n\u001a\n\0\0{{{ : : ]', [0xff, 0xfe]))).toEqual([
      '1:1 invalid-utf8: the byte 0x89 is not valid UTF-8',
    ]);
  });
});

describe('size', () => {
  test('16 MiB is read, one byte more is not', () => {
    const comment = new Uint8Array(largestManifestBytes).fill('#'.charCodeAt(0));
    expect(found(comment)).toEqual([]);
    expect(found(Buffer.concat([comment, Buffer.from('#')]))).toEqual([
      '1:1 file-too-large: the file is larger than 16 MiB and was not read',
    ]);
  });
});
