/** What is half written, gone for a moment or broken never reads as removed, and is no reason to stop. */
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import { eventually, pause } from './feed.js';
import { inTime, isTooLate } from './in-time.js';
import { manifest } from './manifests.js';
import type { LogEntry, Program } from './program.js';
import type { Scope } from './scope.js';
import { callsUntilSentinel, makeWorld, plantSentinel, sentinelName, settled, type World } from './world.js';

const isHeld = ({ held }: LogEntry): boolean => Array.isArray(held);
const removalsWait = ({ log }: Program): Promise<LogEntry> => log.next('that removals wait', isHeld);

const two = { 'conf-a': { mute: true, tag: 'a' }, 'conf-b': { hold: true, callbackTimeout: 500 } };

interface Applied {
  readonly world: World;
  readonly daemon: Program;
  /** Calls so far. */
  readonly calls: number;
}

/** A daemon with nothing left to do, and a sentinel. */
const anApplied = async (scope: Scope, ...flags: readonly string[]): Promise<Applied> => {
  const world = await makeWorld(scope);
  world.write('a.yaml', two);
  plantSentinel(world);
  const daemon = world.watch(...flags);
  await settled(daemon);
  return { world, daemon, calls: world.api.calls.all.length };
};

describe.concurrent('an unfinished save', () => {
  it('cut short where it is valid, and whole again: no call', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'complete');
      const text = manifest(two);
      for (const end of [
        text.indexOf('  conf-b'),
        text.indexOf('    tag'),
        text.indexOf('    callbackTimeout'),
      ]) {
        const cutMs = Date.now();
        writeFileSync(world.file('a.yaml'), text.slice(0, end));
        await removalsWait(daemon);
        await pause(200);
        writeFileSync(world.file('a.yaml'), text);
        if (isTooLate(cutMs)) return 'too late';
        await pause(100);
      }
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
      return 'shown';
    }));

  it('emptied and restored: no call', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(
        scope,
        ...['--on-remove', 'reset', '--listen', '127.0.0.1:0'],
      );
      const base = await listeningAt(daemon);
      const emptiedMs = Date.now();
      truncateSync(world.file('a.yaml'), 0);
      await removalsWait(daemon);
      writeFileSync(world.file('a.yaml'), manifest(two));
      if (isTooLate(emptiedMs)) return 'too late';
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
      await eventually('all settled', async () =>
        (await get(`${base}/status`)).text.includes('"settled": 3') ? true : undefined,
      );
      expect(JSON.parse((await get(`${base}/status`)).text)).toMatchObject({
        summary: { conferences: 3, settled: 3 },
      });
      return 'shown';
    }));

  it('emptied, then broken, then restored: no call', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'reset');
      const emptiedMs = Date.now();
      truncateSync(world.file('a.yaml'), 0);
      await removalsWait(daemon);
      writeFileSync(world.file('a.yaml'), 'conferences: [');
      if (isTooLate(emptiedMs)) return 'too late';
      await daemon.log.next('invalid', ({ event }) => event === 'invalid');
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
      writeFileSync(world.file('a.yaml'), manifest(two));
      await daemon.log.next('mended', ({ message }) => message.includes('valid again'));
      expect(world.api.calls.all).toHaveLength(calls + 1);
      return 'shown';
    }));

  it('a deleted file that returns before the quiet time is over: no call', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'reset');
      const deletedMs = Date.now();
      renameSync(world.file('a.yaml'), join(world.root, 'a.yaml'));
      await removalsWait(daemon);
      await pause(500);
      renameSync(join(world.root, 'a.yaml'), world.file('a.yaml'));
      if (isTooLate(deletedMs)) return 'too late';
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
      return 'shown';
    }));
});

describe.concurrent('a directory that vanishes', () => {
  it('and returns: no call, not ready meanwhile, ready again', async (scope) => {
    const { expect } = scope;
    const { world, daemon, calls } = await anApplied(
      scope,
      ...['--on-remove', 'complete', '--listen', '127.0.0.1:0'],
    );
    const base = await listeningAt(daemon);
    await ready(base, 200);
    renameSync(world.desired, join(world.root, 'away'));
    const page = await ready(base, 503);
    expect(page.text).toContain('desired');
    await daemon.log.next('invalid', ({ event }) => event === 'invalid');
    await pause(2_200);
    expect((await get(`${base}/healthz`)).status).toBe(200);
    renameSync(join(world.root, 'away'), world.desired);
    await ready(base, 200);
    expect(await callsUntilSentinel(world, calls)).toEqual([]);
  });

  it('and is made anew, file by file: no call but for what differs', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'reset');
      rmSync(world.desired, { recursive: true });
      await daemon.log.next('invalid', ({ event }) => event === 'invalid');
      const madeMs = Date.now();
      mkdirSync(world.desired);
      await pause(200);
      plantSentinel(world);
      await pause(200);
      world.write('a.yaml', { ...two, 'conf-a': { mute: true, tag: 'anew' } });
      if (isTooLate(madeMs)) return 'too late';
      await world.api.calls.next('the new tag', ({ conference }) => conference === 'conf-a', calls);
      const made = await callsUntilSentinel(world, calls);
      expect(made.map(({ conference, body }) => [conference, body])).toEqual([['conf-a', { tag: 'anew' }]]);
      return 'shown';
    }));

  it('is no reason to end when it is missing at the start', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    rmSync(world.desired, { recursive: true });
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await ready(base, 503);
    world.write('a.yaml', two);
    await world.api.calls.count('both calls', 2);
    await ready(base, 200);
    expect(world.api.calls.all).toHaveLength(2);
  });
});

describe.concurrent('a broken file', () => {
  it('keeps its last good version, the others go on; told with its place, ready once it is mended', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', two);
    world.write('c.yaml', { 'conf-c': { tag: 'one' } });
    plantSentinel(world);
    const daemon = world.watch('--on-remove', 'reset', '--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    await ready(base, 200);
    const calls = world.api.calls.all.length;
    writeFileSync(world.file('a.yaml'), 'conferences:\n  conf-a:\n    mute: perhaps\n    tag: new\n');
    const invalid = await daemon.log.next('invalid', ({ event }) => event === 'invalid');
    expect(invalid).toMatchObject({ level: 'error', at: 'desired/a.yaml:3:11' });
    expect(invalid.message).toContain('desired/a.yaml:3:11');
    const page = await ready(base, 503);
    expect(page.text).toContain('desired/a.yaml:3:11');
    world.write('c.yaml', { 'conf-c': { tag: 'two' } });
    await world.api.calls.next('the other file', ({ conference }) => conference === 'conf-c', calls);
    const made = await callsUntilSentinel(world, calls);
    expect(made.map(({ conference, body }) => [conference, body])).toEqual([['conf-c', { tag: 'two' }]]);
    world.write('a.yaml', { ...two, 'conf-a': { mute: true, tag: 'mended' } });
    await ready(base, 200);
    await world.api.calls.next('the mended file', ({ conference }) => conference === 'conf-a', calls);
    expect(world.api.bodies('conf-a').at(-1)).toEqual({ tag: 'mended' });
    expect(daemon.log.all.filter(({ event }) => event === 'invalid')).toHaveLength(1);
  });

  it('at the start: what it may declare is not released', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', two);
    plantSentinel(world);
    const first = world.watch();
    await settled(first);
    first.kill('SIGTERM');
    await first.ended;
    writeFileSync(world.file('a.yaml'), 'conferences: [');
    const calls = world.api.calls.all.length;
    const second = world.watch('--on-remove', 'complete', '--listen', '127.0.0.1:0');
    const base = await listeningAt(second);
    await ready(base, 503);
    // Longer than the quiet time, then something that must be sent.
    await pause(2_300);
    world.write(sentinelName, { 'conf-sentinel': { mute: false } });
    await world.api.calls.next('the sentinel', ({ conference }) => conference === 'conf-sentinel', calls);
    expect(world.api.calls.all).toHaveLength(calls + 1);
    const known: unknown = JSON.parse((await get(`${base}/status`)).text);
    expect(known).toMatchObject({
      conferences: ['conf-a', 'conf-b', 'conf-sentinel'].map((conference) => ({ conference })),
    });
    world.write('a.yaml', { 'conf-a': two['conf-a'], 'conf-b': { ...two['conf-b'], hold: false } });
    await ready(base, 200);
    await world.api.calls.next('the mended file', ({ conference }) => conference === 'conf-b', calls);
    expect(world.api.bodies('conf-b').at(-1)).toEqual({ hold: false });
    expect(world.api.bodies('conf-a')).toHaveLength(1);
  });
});

describe.concurrent('a conference moved from one file to another in two saves', () => {
  it('first removed, then added: no call', (scope) =>
    inTime(async () => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'complete');
      const removedMs = Date.now();
      world.write('a.yaml', { 'conf-b': two['conf-b'] });
      await removalsWait(daemon);
      world.write('moved.yaml', { 'conf-a': two['conf-a'] });
      if (isTooLate(removedMs)) return 'too late';
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
      return 'shown';
    }));

  it.for(['0-before.yaml', 'z-after.yaml'])(
    'first added to %s, then removed: no call, told',
    async (target, scope) => {
      const { expect } = scope;
      const { world, daemon, calls } = await anApplied(scope, '--on-remove', 'complete');
      world.write(target, { 'conf-a': two['conf-a'] });
      const told = await daemon.log.next('the duplicate', ({ event }) => event === 'invalid');
      expect(told.message).toContain('desired/a.yaml');
      expect(told.message).toContain(target);
      await pause(2_200);
      world.write('a.yaml', { 'conf-b': two['conf-b'] });
      await daemon.log.next('the end of it', ({ message }) => message.includes('valid again'));
      expect(await callsUntilSentinel(world, calls)).toEqual([]);
    },
  );

  it('with other settings at the new place: they count once the old one is gone', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('z.yaml', two);
    const daemon = world.watch();
    await settled(daemon);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', { 'conf-a': { mute: false, tag: 'a' } });
    await daemon.log.next('the duplicate', ({ event }) => event === 'invalid');
    world.write('c.yaml', { 'conf-c': { mute: true } });
    await world.api.calls.next('another file', ({ conference }) => conference === 'conf-c', calls);
    expect(world.api.bodies('conf-a')).toEqual([{ mute: true, tag: 'a' }]);
    world.write('z.yaml', { 'conf-b': two['conf-b'] });
    await world.api.calls.next('the new place', ({ conference }) => conference === 'conf-a', calls);
    expect(world.api.bodies('conf-a').at(-1)).toEqual({ mute: false });
  });
});
