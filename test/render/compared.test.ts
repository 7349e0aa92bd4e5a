import { test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { baseEntry, comparedWords, type Compared, type Lack } from '../../src/render/compared.js';
import { compared } from '../arbitrary/compared.js';
import { passwordMark } from '../arbitrary/plan.js';

const commit = {
  sha: '0123456789abcdef0123456789abcdef01234567',
  subject: 'Mute the all-hands',
  author: 'Ann',
  email: 'ann@example.com',
  atMs: 0,
};

const beside = (isMergeBase: boolean, lack: Lack = { _tag: 'Nothing' }): Compared => ({
  _tag: 'Base',
  base: { named: 'origin/main', commit, isMergeBase, lack },
});

it.each<readonly [Compared, string]>([
  [{ _tag: 'Ledger' }, ''],
  [
    { _tag: 'NoState', location: 'sqlite:.holdfast/state.db' },
    'There is no state at sqlite:.holdfast/state.db, so everything declared counts as new.',
  ],
  [
    beside(false),
    'Compared with "origin/main", 0123456789ab "Mute the all-hands" by Ann: what waits to be done there is left out.',
  ],
  [
    beside(true),
    'Compared with 0123456789ab "Mute the all-hands" by Ann, where this branch left "origin/main": what waits to be done there is left out.',
  ],
  [
    beside(false, { _tag: 'BrokenFiles', paths: ['desired/a.yaml'] }),
    'Compared with "origin/main", 0123456789ab "Mute the all-hands" by Ann: what waits to be done there is left out. desired/a.yaml is broken there: what may stand in it is compared with what was applied.',
  ],
  [
    beside(false, { _tag: 'BrokenFiles', paths: ['a.yaml', 'b.yaml', 'c.yaml'] }),
    'Compared with "origin/main", 0123456789ab "Mute the all-hands" by Ann: what waits to be done there is left out. a.yaml and 2 other files are broken there: what may stand in them is compared with what was applied.',
  ],
  [
    beside(false, { _tag: 'NoDirectory' }),
    'Compared with "origin/main", 0123456789ab "Mute the all-hands" by Ann: what waits to be done there is left out. It has no such directory, so everything is compared with what was applied.',
  ],
])('says what a plan is compared with: %j', (what, words) => {
  expect(comparedWords(what)).toBe(words);
});

it('gives scripts the commit', () => {
  expect(baseEntry(beside(true))).toEqual({
    base: {
      revision: commit.sha,
      named: 'origin/main',
      commit: { ...commit, atMs: undefined, at: '1970-01-01T00:00:00.000Z' },
    },
  });
  expect(baseEntry({ _tag: 'Ledger' })).toEqual({});
});

test.prop([compared])('is one safe line of some length, without a password', (what) => {
  const words = comparedWords(what);
  expect(words).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  expect(words).not.toContain(passwordMark);
  expect(words.length).toBeLessThan(1_500);
});
