/** Commits of a real repository: which of them are in force, and what is told of the others. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { describe, it } from 'vitest';
import type { Clone } from '../../../src/source/git/clone.js';
import { damage } from '../../../src/source/git/git-failure.js';
import { gitIsHere, pathWith, removed, type Entry } from '../../support/git.js';
import { broken, idsIn, makePlace, mute, pollMs, told } from './following.js';

/** Counts what is read. */
const counting =
  (read: string[]) =>
  (clone: Clone): Clone => ({
    ...clone,
    read: (blobs, onBlob) => {
      read.push(...blobs);
      return clone.read(blobs, onBlob);
    },
  });

describe.skipIf(!gitIsHere)('a branch that goes on', () => {
  it('is followed commit by commit, and only what changed is read', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const read: string[] = [];
    const one = repository.commit('One', {
      'desired/a.yaml': mute('conf-a'),
      'desired/b.yaml': mute('conf-b'),
      'desired/notes.md': 'none',
      'other/c.yaml': mute('conf-c'),
    });
    const daemon = follow({ around: counting(read) });
    const first = await daemon.look();
    expect(first).toMatchObject({
      revision: one,
      complete: true,
      isFinal: true,
      problems: [],
      obstacles: [],
    });
    expect(first.commit).toMatchObject({ value: { subject: 'One', author: 'Ann', atMs: 1_700_000_000_000 } });
    expect(idsIn(first)).toEqual(['conf-a', 'conf-b']);
    expect(read).toHaveLength(2);
    const hints = daemon.hints();
    const again = await daemon.look();
    expect(again).toEqual(first);
    expect(again.files[0]).toBe(first.files[0]);
    expect(daemon.hints()).toBe(hints);

    repository.commit('Two', { 'desired/b.yaml': mute('conf-b', false), 'desired/a.yaml': removed });
    expect(idsIn(await daemon.look())).toEqual(['conf-b']);
    expect(read).toHaveLength(3);
    // As `git revert` does it: what was read once is not read again, and a moved file neither.
    repository.commit('Revert "Two"', {
      'desired/b.yaml': removed,
      'desired/a.yaml': mute('conf-a'),
      'desired/x/b.yaml': mute('conf-b'),
    });
    const last = await daemon.look();
    expect(idsIn(last)).toEqual(['conf-a', 'conf-b']);
    expect(last.files.map(({ path }) => path)).toEqual(['desired/a.yaml', 'desired/x/b.yaml']);
    expect(last.files[1]?.declared[0]?.at.path).toBe('desired/x/b.yaml');
    expect(read).toHaveLength(3);
    expect(daemon.results).toEqual(['fetched', 'fetched', 'fetched', 'fetched']);
  });

  it('is fetched at the interval, and until then when somebody asks', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    const daemon = follow();
    await daemon.look();
    await daemon.clock.pass(pollMs - 1);
    expect(daemon.results).toHaveLength(1);
    const second = daemon.fetched();
    await daemon.clock.pass(1);
    await second;
    await daemon.look();
    expect(daemon.results).toHaveLength(3);
  });
});

describe.skipIf(!gitIsHere)('a commit that is not good', () => {
  it('changes nothing, also over a restart and without the clone; the next good one counts', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const good = repository.commit('Good', {
      'desired/a.yaml': mute('conf-a'),
      'desired/b.yaml': mute('conf-b'),
    });
    const before = follow();
    const inForce = await before.look();
    repository.commit('Bad', { 'desired/a.yaml': broken, 'desired/b.yaml': removed }, { author: 'Bob' });
    const refused = await before.look();
    expect(refused).toMatchObject({ revision: good, complete: true, files: inForce.files });
    expect(new Set(told(refused))).toEqual(new Set(['yaml-syntax desired/a.yaml:1 Bad by Bob']));
    const hints = before.hints();
    await before.look();
    expect(before.hints()).toBe(hints);
    await before.stop();

    for (const isDeleted of [false, true]) {
      if (isDeleted) rmSync(before.clonePath, { recursive: true });
      const after = follow({ inForce: good });
      const still = await after.look();
      expect(idsIn(still)).toEqual(['conf-a', 'conf-b']);
      expect(still.revision).toBe(good);
      expect(told(still)).toContain('yaml-syntax desired/a.yaml:1 Bad by Bob');
      await after.stop();
    }
    const mended = repository.commit('Mended', { 'desired/a.yaml': mute('conf-a', false) });
    const last = await follow({ inForce: good }).look();
    expect(last).toMatchObject({ revision: mended, problems: [], obstacles: [] });
    expect(idsIn(last)).toEqual(['conf-a']);
  });

  it.for([
    ['a conference in two files', { 'desired/b.yaml': mute('conf-a') }, 'duplicate-conference'],
    ['bytes that are no text', { 'desired/b.yaml': Buffer.from([0x23, 0xff]) }, 'invalid-utf8'],
    ['a folder that is gone', { 'desired/a.yaml': removed, 'c.yaml': mute('conf-c') }, 'missing-directory'],
  ] as const)('is refused for %s', async ([, entries, rule], scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const good = repository.commit('Good', { 'desired/a.yaml': mute('conf-a') });
    const daemon = follow();
    await daemon.look();
    repository.commit('Bad', entries);
    const seen = await daemon.look();
    expect(seen.revision).toBe(good);
    expect(seen.problems.map((problem) => problem.rule)).toEqual([rule]);
  });

  it('stays refused when the same bytes come under another name', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const good = repository.commit('Good', { 'desired/a.yaml': mute('conf-a') });
    const daemon = follow();
    await daemon.look();
    const bytes = Buffer.from([...Buffer.from('# '), 0xff, 0x0a]);
    repository.commit('Bad', { 'desired/b.yaml': bytes });
    await daemon.look();
    repository.commit('Moved', { 'desired/b.yaml': removed, 'desired/c.yaml': bytes });
    const seen = await daemon.look();
    expect(seen.revision).toBe(good);
    expect(told(seen)).toEqual(['invalid-utf8 desired/c.yaml:1 Moved by Ann']);
  });

  it('does not make what is taken back be read again', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const read: string[] = [];
    const numbers = Array.from({ length: 30 }, (_, index) => index);
    const all = (entryFor: (index: number) => Entry) =>
      numbers.map((index) => [`desired/${index}.yaml`, entryFor(index)] as const);
    const muted = all((index) => mute(`conf-${index}`));
    repository.commit('Good', muted);
    const daemon = follow({ around: counting(read) });
    await daemon.look();
    repository.commit('Gone', [...all(() => removed), ['desired/x.yaml', broken]]);
    await daemon.look();
    repository.commit('Back', [...muted, ['desired/x.yaml', removed]]);
    expect(idsIn(await daemon.look())).toHaveLength(30);
    expect(read).toHaveLength(31);
  });
});

describe.skipIf(!gitIsHere)('a branch that was set back', () => {
  it('changes nothing until it goes on from the commit in force, also over a restart and without the clone', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const one = repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    const two = repository.commit('Two', { 'desired/b.yaml': mute('conf-b') });
    const daemon = follow();
    await daemon.look();
    repository.setBranch(one);
    const back = await daemon.look();
    expect(back.revision).toBe(two);
    expect(told(back)).toEqual(['rewound One by Ann']);
    const other = repository.commit('Other', { 'desired/a.yaml': mute('conf-x') }, { onto: one });
    expect(told(await daemon.look())).toEqual(['rewound Other by Ann']);
    await daemon.stop();
    rmSync(daemon.clonePath, { recursive: true });
    const restarted = follow({ inForce: two });
    const still = await restarted.look();
    expect(idsIn(still)).toEqual(['conf-a', 'conf-b']);
    expect(told(still)).toEqual(['rewound Other by Ann']);
    const three = repository.commit('Three', { 'desired/b.yaml': mute('conf-b', false) }, { onto: two });
    expect(await restarted.look()).toMatchObject({ revision: three, obstacles: [] });
    repository.setBranch(other);
    expect((await restarted.look()).revision).toBe(three);
    repository.setBranch(three);
    expect(await restarted.look()).toMatchObject({ revision: three, obstacles: [] });
    await restarted.stop();
    repository.setBranch(other);
    expect(await follow({ inForce: three, allowRewind: true }).look()).toMatchObject({
      revision: other,
      obstacles: [],
    });
  });

  it('and one that was deleted, or is not there yet, is told; it goes on when it is back', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    const daemon = follow();
    expect(await daemon.look()).toMatchObject({
      revision: '',
      complete: false,
      obstacles: [{ kind: 'rewound' }],
    });
    const one = repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    expect(await daemon.look()).toMatchObject({ revision: one, obstacles: [] });
    repository.git('update-ref', '-d', 'refs/heads/main');
    const gone = await daemon.look();
    expect(gone).toMatchObject({ revision: one, complete: true, obstacles: [{ kind: 'rewound' }] });
    expect(idsIn(gone)).toEqual(['conf-a']);
    repository.setBranch(one);
    expect(await daemon.look()).toMatchObject({ revision: one, obstacles: [] });
  });
});

describe.skipIf(!gitIsHere)('a repository that cannot be reached', () => {
  it('is told once, for days; what is in force stays, and it goes on without a restart', async (scope) => {
    const { expect } = scope;
    const { folder, repository, follow } = makePlace(scope);
    const one = repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    const before = follow();
    await before.look();
    await before.stop();
    const away = join(folder, 'away');
    renameSync(repository.path, away);
    const daemon = follow({ inForce: one });
    const first = await daemon.look();
    expect(idsIn(first)).toEqual(['conf-a']);
    expect(told(first)).toEqual(['unfetched']);
    const hints = daemon.hints();
    for (let polls = 1; polls <= 3; polls += 1) {
      const next = daemon.fetched();
      await daemon.clock.pass(pollMs);
      await next;
    }
    expect(daemon.hints()).toBe(hints);
    expect(daemon.results).toEqual(['failed', 'failed', 'failed', 'failed']);
    renameSync(away, repository.path);
    const two = repository.commit('Two', { 'desired/a.yaml': mute('conf-a', false) });
    expect(await daemon.look()).toMatchObject({ revision: two, obstacles: [] });
  });

  it('at the first start of all: nothing is known, and nothing counts as removed', async (scope) => {
    const { expect } = scope;
    const { follow } = makePlace(scope);
    const seen = await follow({ url: '/nowhere/at/all' }).look();
    expect(seen).toMatchObject({ complete: false, files: [], revision: '' });
    expect(told(seen)).toEqual(['unfetched']);
  });

  it('does not keep anybody from stopping while a fetch hangs', async (scope) => {
    const { expect } = scope;
    const { folder, follow } = makePlace(scope);
    const hanging = join(folder, 'bin', 'git-remote-hang');
    mkdirSync(join(folder, 'bin'));
    writeFileSync(hanging, '#!/bin/sh\ntrap "" TERM\necho begun > "$HANG_MARK"\nexec sleep 60\n');
    chmodSync(hanging, 0o755);
    const mark = join(folder, 'mark');
    const daemon = follow({ url: 'hang::x', env: { PATH: pathWith(join(folder, 'bin')), HANG_MARK: mark } });
    daemon.source.follow(() => undefined);
    await until(() => readFileSync(mark, { encoding: 'utf8', flag: 'a+' }).includes('begun'));
    await daemon.stop();
    expect(daemon.results).toEqual([]);
    expect(await daemon.source.observe()).toMatchObject({ complete: false });
  });
});

describe.skipIf(!gitIsHere)('who asks for a fetch', () => {
  it('during another gets one more, however many ask', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    let late = '';
    let fetches = 0;
    const daemon = follow({
      around: (clone) => ({
        ...clone,
        // The commit comes when this fetch has its answer.
        fetch: async () => {
          fetches += 1;
          const tip = await clone.fetch();
          if (fetches > 1) return tip;
          late = repository.commit('Two', { 'desired/a.yaml': mute('conf-a', false) });
          for (let asked = 0; asked < 3; asked += 1) daemon.source.refresh();
          return tip;
        },
      }),
    });
    await daemon.look();
    if (daemon.results.length < 2) await daemon.fetched();
    expect((await daemon.source.observe()).revision).toBe(late);
    expect(fetches).toBe(2);
  });

  it('is told of a defect instead of ending the daemon', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    let isBroken = true;
    const daemon = follow({
      around: (clone) => ({
        ...clone,
        read: (blobs, onBlob) => {
          if (isBroken) throw new Error('not expected');
          return clone.read(blobs, onBlob);
        },
      }),
    });
    const seen = await daemon.look();
    expect(seen.complete).toBe(false);
    expect(seen.obstacles.map(({ message }) => message).join()).toContain('not expected');
    isBroken = false;
    expect(idsIn(await daemon.look())).toEqual(['conf-a']);
  });

  it('does not look through the clone again and again for what is wrong elsewhere', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('One', { 'desired/a.yaml': mute('conf-a') });
    let looks = 0;
    let fails = false;
    const daemon = follow({
      around: (clone) => ({
        ...clone,
        fetch: () => (fails ? TE.left(damage('elsewhere'))() : clone.fetch()),
        isSound: () => {
          looks += 1;
          return clone.isSound();
        },
      }),
    });
    await daemon.look();
    fails = true;
    for (let attempt = 0; attempt < 3; attempt += 1) await daemon.look();
    expect(looks).toBe(1);
    expect(idsIn(await daemon.source.observe())).toEqual(['conf-a']);
  });
});

describe.skipIf(!gitIsHere)('where the manifests are', () => {
  it('is `desired` where there is one, the root otherwise, or what is said', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('Root', { 'a.yaml': mute('conf-a'), 'deep/er/b.yaml': mute('conf-b') });
    const daemon = follow();
    expect((await daemon.look()).files.map(({ path }) => path)).toEqual(['a.yaml', 'deep/er/b.yaml']);
    await daemon.stop();
    repository.commit('Usual', { 'desired/c.yaml': mute('conf-c') });
    expect(idsIn(await follow().look())).toEqual(['conf-c']);
    expect(idsIn(await follow({ path: O.some('deep/er') }).look())).toEqual(['conf-b']);
    expect(idsIn(await follow({ path: O.some('') }).look())).toEqual(['conf-a', 'conf-b', 'conf-c']);
    for (const path of ['nowhere', 'a.yaml', ':(top)deep', 'd*']) {
      const seen = await follow({ path: O.some(path) }).look();
      expect(seen).toMatchObject({ complete: false, problems: [{ rule: 'missing-directory' }] });
    }
  });

  it('is on the branch that is said, or on the one that the repository names', async (scope) => {
    const { expect } = scope;
    const { repository, follow } = makePlace(scope);
    repository.commit('Main', { 'a.yaml': mute('conf-a') });
    repository.commit('Live', { 'a.yaml': mute('conf-b') }, { branch: 'release/größe' });
    expect(idsIn(await follow({ branch: 'release/größe' }).look())).toEqual(['conf-b']);
    repository.git('symbolic-ref', 'HEAD', 'refs/heads/release/größe');
    expect(idsIn(await follow().look())).toEqual(['conf-b']);
  });
});

const until = async (isSo: () => boolean): Promise<void> => {
  for (let attempts = 0; !isSo(); attempts += 1) {
    if (attempts > 2_000) throw new Error('it never becomes so');
    await new Promise((done) => setTimeout(done, 10));
  }
};
