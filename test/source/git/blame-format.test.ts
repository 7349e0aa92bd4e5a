/** What `git blame --porcelain` prints, and who wrote which line. */
import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlame } from '../../../src/source/git/blame-format.js';

const first = '1'.repeat(40);
const second = '2'.repeat(40);

/** As git prints it: what it knows of a commit stands at its first line alone. */
const printed = [
  `${first} 3 3 1`,
  'author Ann Example',
  'author-mail <ann@example.com>',
  'author-time 1700000000',
  'author-tz +0100',
  'committer Bob',
  'committer-mail <bob@example.com>',
  'committer-time 1700000001',
  'committer-tz +0100',
  'summary Mute the all-hands',
  'boundary',
  'filename desired/a.yaml',
  '\t    mute: true',
  `${second} 9 4 1`,
  'author Bob',
  'author-mail <bob@example.com>',
  'committer-time 1700000002',
  'summary ',
  `filename ${first} 1 1 1`,
  `\t${first} 7 7 1`,
  `${first} 5 5`,
  '\t    tag: x',
  '',
].join('\n');

describe('who wrote a line', () => {
  it('is told by its number, also where the commit was described before', () => {
    const ann = {
      sha: first,
      subject: 'Mute the all-hands',
      author: 'Ann Example',
      email: 'ann@example.com',
      atMs: 1_700_000_001_000,
    };
    const bob = {
      sha: second,
      subject: '',
      author: 'Bob',
      email: 'bob@example.com',
      atMs: 1_700_000_002_000,
    };
    expect(readBlame(printed)).toStrictEqual(
      new Map([
        [3, ann],
        [4, bob],
        [5, ann],
      ]),
    );
  });

  it('is nobody where the line is not committed', () => {
    const zero = '0'.repeat(40);
    const text = [`${zero} 1 1 1`, 'author Not Committed Yet', 'summary x', '\ta', ''].join('\n');
    expect(readBlame(text)).toStrictEqual(new Map());
  });

  test.prop([fc.string({ unit: 'binary' })])('whatever is printed, it is read', (text) => {
    expect(readBlame(text)).toBeInstanceOf(Map);
  });
});
