/** Every way in which a save reaches the disk gives exactly the calls that are needed, at once. */
import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from './feed.js';
import { inTime, isTooLate } from './in-time.js';
import { manifest, save } from './manifests.js';
import { start, type Program } from './program.js';
import type { CleanUp } from './scope.js';
import type { Arrival } from './scripted-api.js';
import { makeWorld, quietMs, rescanMs, settled, type World } from './world.js';

const cleanUps: CleanUp[] = [];
const scope = { onTestFinished: (cleanUp: CleanUp) => void cleanUps.push(cleanUp) };

let world: World;
let daemon: Program;

beforeAll(async () => {
  world = await makeWorld(scope);
  world.write('a.yaml', { 'conf-a': { mute: true, tag: 'first' }, 'conf-b': { hold: true } });
  mkdirSync(join(world.root, 'elsewhere'));
  save(join(world.root, 'elsewhere/linked.yml'), manifest({ 'conf-linked': { tag: 'one' } }));
  symlinkSync('../elsewhere/linked.yml', world.file('linked.yml'));
  daemon = world.watch();
  await settled(daemon);
});

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

const bodies = (arrivals: readonly Arrival[]): Record<string, unknown> =>
  Object.fromEntries(arrivals.map(({ conference, body }) => [conference, body]));

/** The calls that a save gives, because of the save: by itself the daemon looks again only after a minute. */
const callsOf = async (count: number, write: () => unknown): Promise<readonly Arrival[]> => {
  const from = world.api.calls.all.length;
  await write();
  const savedMs = Date.now();
  const arrivals = await world.api.calls.count(`${count} calls`, count, from);
  expect(Math.max(...arrivals.map(({ atMs }) => atMs)) - savedMs).toBeLessThan(rescanMs / 2);
  return arrivals;
};

describe('a save', () => {
  it('is not needed for what is declared at the start', () => {
    expect(bodies(world.api.calls.all)).toEqual({
      'conf-a': { mute: true, tag: 'first' },
      'conf-b': { hold: true },
      'conf-linked': { tag: 'one' },
    });
    expect(world.api.calls.all).toHaveLength(3);
  });

  it('in place', async () => {
    const text = manifest({ 'conf-a': { mute: false, tag: 'first' }, 'conf-b': { hold: true } });
    expect(bodies(await callsOf(1, () => writeFileSync(world.file('a.yaml'), text)))).toEqual({
      'conf-a': { mute: false },
    });
  });

  it('by rename', async () => {
    const text = manifest({ 'conf-a': { mute: true, tag: 'second' }, 'conf-b': { hold: true } });
    expect(bodies(await callsOf(1, () => save(world.file('a.yaml'), text)))).toEqual({
      'conf-a': { mute: true, tag: 'second' },
    });
  });

  it('as vim does it: 4913, a backup, a new file, the backup gone', async () => {
    const text = manifest({ 'conf-a': { mute: true, tag: 'second' }, 'conf-b': { hold: false } });
    const arrivals = await callsOf(1, () => {
      writeFileSync(world.file('4913'), '');
      unlinkSync(world.file('4913'));
      renameSync(world.file('a.yaml'), world.file('a.yaml~'));
      writeFileSync(world.file('a.yaml'), text);
      unlinkSync(world.file('a.yaml~'));
    });
    expect(bodies(arrivals)).toEqual({ 'conf-b': { hold: false } });
  });

  it('in two steps: truncated, then written in pieces', (context) =>
    inTime(async () => {
      const cut = await makeWorld(context);
      cut.write('a.yaml', { 'conf-a': { mute: true, tag: 'first' }, 'conf-b': { hold: true } });
      await settled(cut.watch());
      const text = manifest({ 'conf-a': { mute: true, tag: 'second' }, 'conf-b': { hold: true } });
      const half = text.indexOf('mute');
      const cutMs = Date.now();
      truncateSync(cut.file('a.yaml'), 0);
      await pause(60);
      appendFileSync(cut.file('a.yaml'), text.slice(0, half));
      await pause(60);
      appendFileSync(cut.file('a.yaml'), text.slice(half));
      if (isTooLate(cutMs)) return 'too late';
      expect(bodies(await cut.api.calls.count('the call', 1, 2))).toEqual({ 'conf-a': { tag: 'second' } });
      return 'shown';
    }));

  it('of new folders with files in them', async () => {
    const arrivals = await callsOf(2, () => {
      world.write('team/one.yaml', { 'conf-one': { mute: true } });
      world.write('team/deep/two.yml', { 'conf-two': { hold: true } });
    });
    expect(bodies(arrivals)).toEqual({ 'conf-one': { mute: true }, 'conf-two': { hold: true } });
  });

  it('in a folder that was new a moment ago', async () => {
    const arrivals = await callsOf(1, () =>
      world.write('team/deep/two.yml', { 'conf-two': { hold: false } }),
    );
    expect(bodies(arrivals)).toEqual({ 'conf-two': { hold: false } });
  });

  it('of the target of a link, in place and by rename', async () => {
    const target = join(world.root, 'elsewhere/linked.yml');
    const inPlace = await callsOf(1, () =>
      writeFileSync(target, manifest({ 'conf-linked': { tag: 'two' } })),
    );
    expect(bodies(inPlace)).toEqual({ 'conf-linked': { tag: 'two' } });
    const renamed = await callsOf(1, () => save(target, manifest({ 'conf-linked': { tag: 'three' } })));
    expect(bodies(renamed)).toEqual({ 'conf-linked': { tag: 'three' } });
  });

  it('of a link that points elsewhere', async () => {
    save(join(world.root, 'other/linked.yml'), manifest({ 'conf-linked': { tag: 'four' } }));
    const arrivals = await callsOf(1, () => {
      symlinkSync('../other/linked.yml', world.file('.next'));
      renameSync(world.file('.next'), world.file('linked.yml'));
    });
    expect(bodies(arrivals)).toEqual({ 'conf-linked': { tag: 'four' } });
    const again = await callsOf(1, () =>
      writeFileSync(join(world.root, 'other/linked.yml'), manifest({ 'conf-linked': { tag: 'five' } })),
    );
    expect(bodies(again)).toEqual({ 'conf-linked': { tag: 'five' } });
  });

  it('of what is no manifest, or skipped, gives no call', async () => {
    const arrivals = await callsOf(1, () => {
      world.write('notes.txt', { 'conf-no': { mute: true } });
      world.write('.hidden.yaml', { 'conf-no': { mute: true } });
      world.write('.git/a.yaml', { 'conf-no': { mute: true } });
      world.write('sentinel.yaml', { 'conf-sentinel': { mute: true } });
    });
    expect(bodies(arrivals)).toEqual({ 'conf-sentinel': { mute: true } });
  });
});

describe('what disappears', () => {
  it('counts after two seconds of quiet and not before: a setting, a file', async () => {
    const from = world.api.calls.all.length;
    const removedMs = Date.now();
    world.write('team/one.yaml', { 'conf-one': {} });
    const [unmuted] = await world.api.calls.count('the unmute', 1, from);
    expect(unmuted).toMatchObject({ conference: 'conf-one', body: { mute: false } });
    const tookMs = (unmuted?.atMs ?? 0) - removedMs;
    expect(tookMs).toBeGreaterThanOrEqual(quietMs);
    expect(tookMs).toBeLessThan(rescanMs / 2);
  });

  it('waits as long as anything else is written', (context) =>
    inTime(async () => {
      const busy = await makeWorld(context);
      busy.write('a.yaml', { 'conf-a': { mute: true } });
      await settled(busy.watch());
      let savedMs = Date.now();
      busy.write('a.yaml', { 'conf-a': {} });
      for (const tag of ['i', 'ii', 'iii', 'iv']) {
        await pause(700);
        const before = savedMs;
        savedMs = Date.now();
        busy.write('b.yaml', { 'conf-b': { tag } });
        if (isTooLate(before)) return 'too late';
      }
      const unmuted = await busy.api.calls.next('the unmute', ({ conference }) => conference === 'conf-a', 1);
      expect(unmuted.body).toEqual({ mute: false });
      expect(unmuted.atMs - savedMs).toBeGreaterThanOrEqual(quietMs);
      return 'shown';
    }));

  it('with its folder costs no call and is forgotten', async () => {
    const from = daemon.log.all.length;
    const calls = world.api.calls.all.length;
    rmSync(world.file('team'), { recursive: true });
    const plan = await daemon.log.next(
      'the release',
      ({ event, release }) => event === 'plan' && release === 2,
      from,
    );
    expect(plan).toMatchObject({ release: 2, calls: 0 });
    // Declared again it is new again.
    const arrivals = await callsOf(1, () => world.write('team/one.yaml', { 'conf-one': { mute: false } }));
    expect(bodies(arrivals)).toEqual({ 'conf-one': { mute: false } });
    expect(world.api.calls.all).toHaveLength(calls + 1);
  });
});

describe('a Kubernetes volume', () => {
  it('swaps ..data: exactly what differs is sent, and nothing for the moment between', async ({
    onTestFinished,
  }) => {
    const volume = await makeWorld({ onTestFinished });
    const revision = (name: string, tag: string) => {
      save(join(volume.desired, `..${name}`, 'a.yaml'), manifest({ 'conf-k': { mute: true, tag } }));
      save(join(volume.desired, `..${name}`, 'b.yaml'), manifest({ 'conf-l': { hold: true } }));
    };
    revision('2026_1', 'one');
    symlinkSync('..2026_1', volume.file('..data'));
    symlinkSync('..data/a.yaml', volume.file('a.yaml'));
    symlinkSync('..data/b.yaml', volume.file('b.yaml'));
    const program = start({ onTestFinished }, volume.root, [
      'watch',
      'desired',
      '--endpoint',
      volume.api.endpoint,
      '--rate',
      'unlimited',
    ]);
    await settled(program);
    expect(bodies(volume.api.calls.all)).toEqual({
      'conf-k': { mute: true, tag: 'one' },
      'conf-l': { hold: true },
    });
    for (const [index, tag] of ['two', 'three'].entries()) {
      revision(`2026_${index + 2}`, tag);
      const from = volume.api.calls.all.length;
      const swappedMs = Date.now();
      symlinkSync(`..2026_${index + 2}`, volume.file('..data_tmp'));
      renameSync(volume.file('..data_tmp'), volume.file('..data'));
      rmSync(volume.file(`..2026_${index + 1}`), { recursive: true });
      const [arrival] = await volume.api.calls.count('the call', 1, from);
      expect(arrival).toMatchObject({ conference: 'conf-k', body: { tag } });
      expect((arrival?.atMs ?? 0) - swappedMs).toBeLessThan(rescanMs / 2);
    }
    expect(volume.api.calls.all).toHaveLength(4);
  });
});
