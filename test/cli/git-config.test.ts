/** What `watch` is told about a repository. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Layers } from '../../src/cli/config.js';
import { gitConfig } from '../../src/cli/git-config.js';

const read = (flags: Layers['flags'], file: Layers['file'] = new Map()) =>
  gitConfig({ flags, env: {}, file });
const problems = (flags: Layers['flags']): readonly string[] => {
  const config = read(flags);
  return E.isLeft(config) ? config.left : [];
};
const git = 'https://git.example.com/x.git';

describe('gitConfig', () => {
  it('is nothing without a repository', () => {
    expect(read({})).toEqual(E.right(O.none));
  });

  it('has defaults', () => {
    expect(read({ git })).toEqual(
      E.right(
        O.some({
          url: git,
          branch: O.none,
          path: O.none,
          pollMs: 10_000,
          requireSigned: false,
          allowedSigners: O.none,
          allowRewind: false,
        }),
      ),
    );
  });

  it('takes all of it from the settings file', () => {
    const place = 'holdfast.yaml:1:1';
    const config = read(
      {},
      new Map([
        ['git', { value: git, place }],
        ['branch', { value: 'refs/heads/live', place }],
        ['path', { value: './desired//eu/', place }],
        ['requireSigned', { value: true, place }],
        ['allowedSigners', { value: 'signers', place }],
      ]),
    );
    expect(config).toMatchObject({
      right: {
        value: { branch: O.some('live'), path: O.some('desired/eu'), allowedSigners: O.some('signers') },
      },
    });
  });

  it.each(['branch', 'path', 'poll', 'requireSigned', 'allowedSigners', 'allowRewind'])(
    'does not pass over --%s without a repository',
    (key) => {
      expect(
        problems({
          [key]: key === 'poll' ? '10s' : key.startsWith('allowR') || key === 'requireSigned' ? true : 'x',
        }),
      ).toHaveLength(1);
    },
  );

  it('does not let anybody believe that signatures are checked', () => {
    expect(problems({ git, allowedSigners: 'signers' })).toEqual([
      expect.stringContaining('--require-signed'),
    ]);
  });

  it.each(['main', 'refs/heads/main', 'release/2026.1', 'größe', 'a-b_c', '%'])(
    'takes the branch %s',
    (branch) => {
      expect(problems({ git, branch })).toEqual([]);
    },
  );

  it.each([
    '-x',
    '/x',
    'x/',
    'x.',
    '.x',
    'a/.b',
    'a//b',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a@{1}',
    '@',
    'a.lock',
    'a.lock/b',
    'a\u0001b',
    'refs/heads/',
    'refs/heads/-x',
  ])('refuses the branch %j', (branch) => {
    expect(problems({ git, branch })).toHaveLength(1);
  });

  it.each([
    ['.', ''],
    ['./', ''],
    ['a/../b', 'b'],
    ['a/b/', 'a/b'],
  ])('reads the path %s as %j', (path, normal) => {
    expect(read({ git, path })).toMatchObject({ right: { value: { path: O.some(normal) } } });
  });

  it.each(['/etc', '..', '../x', 'a/../../x', 'a\nb'])('refuses the path %j', (path) => {
    expect(problems({ git, path })).toHaveLength(1);
  });

  it.each(['--upload-pack=x', 'a\nb'])('refuses the repository %j', (url) => {
    expect(problems({ git: url })).toHaveLength(1);
  });

  it('prints no password of a repository that it refuses', () => {
    expect(problems({ git: '-https://ann:hunter2@git.example.com/x' }).join()).not.toContain('hunter2');
  });

  it.each(['10', '50ms', '2d', 'x'])('refuses to poll every %s', (poll) => {
    expect(problems({ git, poll })).toHaveLength(1);
  });
});
