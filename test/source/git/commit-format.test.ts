/** What a commit says of itself was written by anybody. */
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import { isCommitName, readCommit } from '../../../src/source/git/commit-format.js';
import { showTime } from '../../../src/render/time.js';

const sha = 'd'.repeat(40);
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));

describe('readCommit', () => {
  test.prop([text, text, text, fc.oneof(fc.bigInt().map(String), text)], {
    examples: [['', '', '', '99999999999999999']],
  })('gives what can be shown, whatever it says', (subject, author, email, seconds) => {
    const commit = readCommit(Buffer.from([sha, subject, author, email, seconds].join('\0') + '\n'));
    if (O.isNone(commit)) throw new Error('no commit');
    expect(() => showTime(commit.value.atMs)).not.toThrow();
    expect(commit.value.sha).toBe(sha);
  });

  it('shortens what is endless', () => {
    const endless = '🙂'.repeat(10_000);
    const commit = readCommit(Buffer.from([sha, endless, endless, endless, '1'].join('\0')));
    if (O.isNone(commit)) throw new Error('no commit');
    for (const part of [commit.value.subject, commit.value.author, commit.value.email]) {
      expect(part.length).toBeLessThanOrEqual(500);
      expect(part).not.toMatch(/\p{Cs}/u);
    }
  });

  it('is nothing where git printed nothing', () => {
    expect(readCommit(Buffer.from(''))).toEqual(O.none);
  });
});

describe('isCommitName', () => {
  it.each([
    [sha, true],
    ['e'.repeat(64), true],
    [`dir:sha256:${'e'.repeat(64)}`, false],
    [sha.slice(1), false],
    ['', false],
  ])('%s: %s', (revision, is) => {
    expect(isCommitName(revision)).toBe(is);
  });
});
