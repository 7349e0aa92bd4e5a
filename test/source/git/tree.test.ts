/** What a repository may hold: odd names, links, other repositories, and a history that is cut off. */
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { gitIsHere, makeRepository, runGit } from '../../support/git.js';
import { idsIn, makePlace, mute, told } from './following.js';

const name = (...parts: readonly (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));

describe.skipIf(!gitIsHere)('the files of a commit', () => {
  it('may have any name', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const names = [
      name('desired/häß ü/日本.yaml'),
      name('desired/line\nbreak.yaml'),
      name('desired/tab\t"quote".yaml'),
      name('desired/', 0xff, '.yaml'),
      name('desired/\\xff.yaml'),
      name('desired/-rf.yaml'),
      name('desired/.hidden.yaml'),
      name('desired/.git-like/a.yaml'),
    ];
    repository.commit(
      'Odd',
      names.map((one, index) => [one, mute(`conf-${index}`)] as const),
    );
    const seen = await follow().look();
    expect(told(seen)).toEqual([]);
    expect([...idsIn(seen)].sort()).toEqual(['conf-0', 'conf-1', 'conf-2', 'conf-3', 'conf-4', 'conf-5']);
    expect(seen.files.map(({ path }) => path)).toEqual(
      [
        'desired/häß ü/日本.yaml',
        'desired/line\\u000abreak.yaml',
        'desired/tab\\u0009"quote".yaml',
        'desired/\\xff.yaml',
        'desired/\\\\xff.yaml',
        'desired/-rf.yaml',
      ].sort(),
    );
  });

  it('may be links: to files they count, to folders not, and what leads nowhere is refused', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('Links', {
      'shared/a.yaml': mute('conf-a'),
      'shared/b.yaml': mute('conf-b'),
      'desired/one.yaml': { link: '../shared/a.yaml' },
      'desired/deep/two.yaml': { link: '../chain' },
      'desired/chain': { link: '../shared/b.yaml' },
      'desired/folder.yaml': { link: '../shared' },
    });
    const daemon = follow();
    const seen = await daemon.look();
    expect(told(seen)).toEqual([]);
    expect(seen.files.map(({ path }) => path)).toEqual(['desired/deep/two.yaml', 'desired/one.yaml']);
    expect(idsIn(seen)).toEqual(['conf-b', 'conf-a']);
    // What a link leads to changes without the link.
    repository.commit('Through', { 'shared/a.yaml': mute('conf-c') });
    expect(idsIn(await daemon.look())).toEqual(['conf-b', 'conf-c']);
    repository.commit('Nowhere', [
      ['desired/dangling.yaml', { link: 'nothing.yaml' }],
      ['desired/line\nbreak.yaml', { link: '../shared/a.yaml' }],
      ['desired/loop.yaml', { link: 'loop.yaml' }],
      ['desired/out.yaml', { link: '../../etc/passwd' }],
      ['desired/root.yaml', { link: '/etc/passwd' }],
      ['desired/under.yaml', { link: 'one.yaml/below' }],
    ]);
    const refused = await daemon.look();
    expect(idsIn(refused)).toEqual(['conf-b', 'conf-c']);
    expect(refused.problems.map(({ at, message }) => [at.path, message.replace(/^.*: /, '')])).toEqual([
      ['desired/dangling.yaml', 'the symbolic link leads nowhere'],
      ['desired/line\\u000abreak.yaml', 'a symbolic link whose name has a line break is not followed'],
      ['desired/loop.yaml', 'the symbolic link leads back to itself'],
      ['desired/out.yaml', 'the symbolic link leads out of the repository'],
      ['desired/root.yaml', 'the symbolic link leads out of the repository'],
      ['desired/under.yaml', 'the symbolic link leads nowhere'],
    ]);
  });

  it('may be other repositories, which are passed over with a warning', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const one = repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    const two = repository.commit('Two', { 'desired/sub': { submodule: one } });
    const seen = await follow().look();
    expect(seen.revision).toBe(two);
    expect(idsIn(seen)).toEqual(['conf-a']);
    expect(seen.files.flatMap(({ problems }) => problems)).toMatchObject([
      { severity: 'warning', rule: 'ignored-submodule', at: { path: 'desired/sub' } },
    ]);
  });

  it('may be many', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const many = Array.from({ length: 1_000 }, (_, index): readonly [string, string] => [
      `desired/${index % 20}/${index}.yaml`,
      `# ${index}\n`,
    ]);
    repository.commit('Many', many);
    expect((await follow().look()).files).toHaveLength(1_000);
  });
});

describe.skipIf(!gitIsHere)('a repository', () => {
  it('may name its objects by sha256', async (scope) => {
    const { expect } = scope;
    const { folder, follow } = makePlace(scope);
    const other = makeRepository(folder, 'long.git', '--object-format=sha256');
    const one = other.commit('One', { 'desired/a.yaml': mute('conf-a') });
    expect(one).toHaveLength(64);
    const daemon = follow({ url: other.path });
    expect(await daemon.look()).toMatchObject({ revision: one, obstacles: [] });
    await daemon.stop();
    const two = other.commit('Two', { 'desired/a.yaml': mute('conf-b') });
    expect(await follow({ url: other.path, inForce: one }).look()).toMatchObject({
      revision: two,
      obstacles: [],
    });
  });

  it('may be shallow', async (scope) => {
    const { expect } = scope;
    const { folder, repository, follow } = makePlace(scope);
    for (const id of ['conf-a', 'conf-b', 'conf-c']) repository.commit(id, { 'desired/a.yaml': mute(id) });
    runGit(folder, ['clone', '--quiet', '--bare', '--depth=1', `file://${repository.path}`, 'shallow.git']);
    const url = join(folder, 'shallow.git');
    const daemon = follow({ url });
    expect(idsIn(await daemon.look())).toEqual(['conf-c']);
    repository.commit('Next', { 'desired/a.yaml': mute('conf-d') });
    runGit(url, ['fetch', '--quiet', repository.path, 'main:main']);
    const next = await daemon.look();
    expect(told(next)).toEqual([]);
    expect(idsIn(next)).toEqual(['conf-d']);
  });

  it('may be cleaned up at any time', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const one = repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    const daemon = follow();
    await daemon.look();
    const two = repository.commit('Two', { 'desired/a.yaml': mute('conf-b') });
    repository.git('gc', '--quiet', '--prune=now');
    expect((await daemon.look()).revision).toBe(two);
    // What was force-pushed away is not in the source any more; here it is kept.
    repository.setBranch(one);
    repository.git('gc', '--quiet', '--prune=now');
    expect(told(await daemon.look())).toEqual(['rewound One by Ann']);
    await daemon.stop();
    runGit(daemon.clonePath, ['--git-dir=.', 'gc', '--quiet', '--prune=now']);
    expect(idsIn(await follow({ inForce: two }).look())).toEqual(['conf-b']);
  });
});
