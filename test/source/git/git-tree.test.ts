/** What git lists, and which of it counts. */
import { fc, test } from '@fast-check/vitest';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { readTree, showName } from '../../../src/source/git/git-tree.js';

const blob = 'a'.repeat(40);
const entry = (name: string, mode = '100644', kind = 'blob', size = '12'): string =>
  `${mode} ${kind} ${blob} ${size.padStart(7)}\t${name}\0`;

const listed = (output: string) => {
  const read = readTree(output);
  if (E.isLeft(read)) throw new Error(read.left.message);
  return read.right;
};

describe('readTree', () => {
  it.each([
    ['a.yaml', true],
    ['deep/er/a.yml', true],
    ['line\nbreak.yaml', true],
    ['tab\tand blank.yaml', true],
    ['.hidden.yaml', false],
    ['.github/a.yaml', false],
    ['a/.b/c.yaml', false],
    ['a.yaml.bak', false],
    ['README.md', false],
  ])('%j counts: %s', (name, counts) => {
    expect(listed(entry(name)).manifests.map((file) => file.name)).toEqual(counts ? [name] : []);
  });

  it('tells files, links and submodules apart', () => {
    const output =
      entry('a.yaml') +
      entry('b.yaml', '100755') +
      entry('l.yaml', '120000') +
      entry('sub', '160000', 'commit', '-') +
      entry('.sub', '160000', 'commit', '-') +
      entry('l.txt', '120000');
    expect(listed(output)).toEqual({
      manifests: [
        { name: 'a.yaml', blob, bytes: 12 },
        { name: 'b.yaml', blob, bytes: 12 },
      ],
      links: ['l.yaml'],
      submodules: ['sub'],
    });
  });

  it('knows names of 64 digits', () => {
    expect(listed(entry('a.yaml').replace(blob, 'b'.repeat(64))).manifests).toHaveLength(1);
  });

  it.each([
    ['a manifest without a size', entry('a.yaml', '100644', 'blob', 'BAD')],
    ['a link without a size', entry('a.yaml', '120000', 'blob', 'BAD')],
    ['a line that is not understood', `${entry('a.yaml')}what is this\0`],
    ['a line that was cut off', entry('a.yaml').slice(0, 20)],
  ])('does not take for absent: %s', (_, output) => {
    expect(E.isLeft(readTree(output))).toBe(true);
  });

  it('does not mind that a file is damaged which is no manifest', () => {
    expect(listed(entry('film.mp4', '100644', 'blob', 'BAD')).manifests).toEqual([]);
  });
});

describe('showName', () => {
  it.each([
    [Buffer.from('häß/ü.yaml'), 'häß/ü.yaml'],
    [Buffer.from([0x61, 0xff, 0x2e]), 'a\\xff.'],
    [Buffer.from('a\\xff.'), 'a\\\\xff.'],
    [Buffer.from([0xc3, 0xa4, 0xff]), '\\xc3\\xa4\\xff'],
    [Buffer.from('\ufffd'), '\ufffd'],
  ])('%s', (bytes, shown) => {
    expect(showName(bytes.toString('latin1'))).toBe(shown);
  });

  const bytes = fc
    .array(fc.constantFrom(0x61, 0x5c, 0x78, 0x66, 0xff, 0xc3, 0xa4, 0xef, 0xbf, 0xbd), { maxLength: 8 })
    .map((list) => Buffer.from(list).toString('latin1'));

  test.prop([bytes, bytes], { examples: [['\xff', '\\xff']] })('never gives two names one', (one, other) => {
    expect(showName(one) === showName(other)).toBe(one === other);
  });
});
