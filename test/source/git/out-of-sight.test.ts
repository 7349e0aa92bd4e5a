/** What was declared and is out of sight was not removed: the commit is not taken, and says what to do. */
import { describe, it } from 'vitest';
import { gitIsHere, removed } from '../../support/git.js';
import { idsIn, makePlace, mute, told } from './following.js';

const submodule = { submodule: '1'.repeat(40) };

describe.skipIf(!gitIsHere)('a commit that puts manifests out of sight', () => {
  it('by a folder `desired` beside them is not taken, nor after a restart', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const one = repository.commit('One', { 'a.yaml': mute('conf-a'), 'x/b.yaml': mute('conf-b') });
    const daemon = follow();
    expect(idsIn(await daemon.look())).toEqual(['conf-a', 'conf-b']);
    repository.commit('Begin to move', { 'a.yaml': removed, 'desired/a.yaml': mute('conf-a') });
    const seen = await daemon.look();
    expect(seen.revision).toBe(one);
    expect(idsIn(seen)).toEqual(['conf-a', 'conf-b']);
    expect(told(seen)).toEqual(['missing-directory x/b.yaml:1 Begin to move by Ann']);
    await daemon.stop();
    const again = follow({ inForce: one });
    expect(idsIn(await again.look())).toEqual(['conf-a', 'conf-b']);
    // Everything has arrived: nothing is lost from sight any more.
    repository.commit('Move the rest', { 'x/b.yaml': removed, 'desired/b.yaml': mute('conf-b') });
    const moved = await again.look();
    expect(told(moved)).toEqual([]);
    expect(moved.files.map(({ path }) => path)).toEqual(['desired/a.yaml', 'desired/b.yaml']);
  });

  it('by a submodule in their place is not taken; a submodule elsewhere is passed over', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', { 'desired/a.yaml': mute('conf-a'), 'desired/team/b.yaml': mute('conf-b') });
    const daemon = follow();
    await daemon.look();
    repository.commit('Hide', { 'desired/team/b.yaml': removed, 'desired/team': submodule });
    const hidden = await daemon.look();
    expect(idsIn(hidden)).toEqual(['conf-a', 'conf-b']);
    expect(told(hidden)).toEqual(['unreadable-file desired/team:1 Hide by Ann']);
    repository.commit('Elsewhere', {
      'desired/team': removed,
      'desired/other': submodule,
      'desired/team/b.yaml': mute('conf-b'),
    });
    const elsewhere = await daemon.look();
    expect(idsIn(elsewhere)).toEqual(['conf-a', 'conf-b']);
    expect(told(elsewhere)).toEqual([]);
  });
});
