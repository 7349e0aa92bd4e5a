/** The clone is a cache: whatever happens to it, nothing counts as removed, and it mends by itself. */
import { chmodSync, cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { gitIsHere, makeRepository } from '../../support/git.js';
import { idsIn, makePlace, mute, told } from './following.js';

const files = { 'desired/a.yaml': mute('conf-a'), 'desired/b.yaml': mute('conf-b') };

describe.skipIf(!gitIsHere)('a damaged clone', () => {
  it('is made anew, whatever of it is missing or full of zeros', async (scope) => {
    const { expect } = scope;
    const { folder, repository, follow } = makePlace(scope);
    const one = repository.commit('One', files);
    const healthy = follow();
    await healthy.look();
    await healthy.stop();
    const { clonePath } = healthy;
    const saved = join(folder, 'saved');
    cpSync(clonePath, saved, { recursive: true });
    const object = (name: string): string => {
      const sha = repository.git('rev-parse', name);
      return join('objects', sha.slice(0, 2), sha.slice(2));
    };
    const cases = [
      ['config', false],
      ['HEAD', true],
      ['refs/holdfast/in-force', false],
      [object(one), false],
      [object(`${one}:desired`), true],
      [object(`${one}:desired/a.yaml`), true],
      [object(`${one}:desired/b.yaml`), false],
    ] as const;
    for (const [name, isMissing] of cases) {
      rmSync(clonePath, { recursive: true });
      cpSync(saved, clonePath, { recursive: true });
      const path = join(clonePath, name);
      chmodSync(path, 0o600);
      if (isMissing) rmSync(path);
      else writeFileSync(path, Buffer.alloc(statSync(path).size));
      const daemon = follow({ inForce: one });
      const first = await daemon.look();
      expect([name, first.complete ? idsIn(first) : []]).toEqual([
        name,
        first.complete ? ['conf-a', 'conf-b'] : [],
      ]);
      expect(told(first).filter((line) => line !== 'unfetched')).toEqual([]);
      const second = await daemon.look();
      expect([name, idsIn(second), told(second)]).toEqual([name, ['conf-a', 'conf-b'], []]);
      await daemon.stop();
    }
  });

  it('goes on where a git that was killed has left its locks and half a pack', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', files);
    const daemon = follow();
    await daemon.look();
    const left = [
      'refs/holdfast/tip.lock',
      'refs/holdfast/in-force.lock',
      'shallow.lock',
      'packed-refs.lock',
      'config.lock',
      'objects/pack/tmp_pack_x',
    ].map((name) => join(daemon.clonePath, name));
    for (const path of left) writeFileSync(path, '');
    const two = repository.commit('Two', { 'desired/a.yaml': mute('conf-a', false) });
    expect(await daemon.look()).toMatchObject({ revision: two, obstacles: [] });
    expect(left.filter((path) => statSync(path, { throwIfNoEntry: false }) !== undefined)).toEqual([]);
  });

  it('whose place cannot be written is told, and used again when it can', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const one = repository.commit('One', files);
    const daemon = follow();
    writeFileSync(daemon.clonePath, 'in the way');
    expect(await daemon.look()).toMatchObject({ complete: false, obstacles: [{ kind: 'unfetched' }] });
    rmSync(daemon.clonePath);
    expect(await daemon.look()).toMatchObject({ revision: one, obstacles: [] });
  });

  it('of another repository is no hindrance, but the branch does not go on', async (scope) => {
    const { expect } = scope;
    const { folder, repository, follow } = makePlace(scope);
    const one = repository.commit('One', files);
    const daemon = follow();
    await daemon.look();
    await daemon.stop();
    const other = makeRepository(folder, 'other.git');
    other.commit('Other', { 'desired/c.yaml': mute('conf-c') });
    const seen = await follow({ inForce: one, url: other.path }).look();
    expect(idsIn(seen)).toEqual(['conf-a', 'conf-b']);
    expect(told(seen)).toEqual(['rewound Other by Ann']);
  });
});
