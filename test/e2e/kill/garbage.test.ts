/** A state that turns to garbage, goes away or is another one all of a sudden: no call is based on it. */
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { listeningAt, ready } from '../daemon/endpoint.js';
import { pause } from '../daemon/feed.js';
import { run } from '../daemon/program.js';
import type { Scope } from '../daemon/scope.js';
import { makeWorld, settled, type World } from '../daemon/world.js';
import { commonArgs, trace } from './machine.js';

const stateOf = ({ root }: World): string => join(root, '.holdfast/state.db');

const three = { 'conf-a': { mute: true }, 'conf-b': { tag: 'b' }, 'conf-c': { hold: true } };

/** A state that knows of three conferences, and nobody holds. */
const anAppliedWorld = async (scope: Scope): Promise<World> => {
  const world = await makeWorld(scope);
  world.write('a.yaml', three);
  const { code } = await run(scope, world.root, ['apply', ...commonArgs(world), '--yes']);
  if (code !== 0) throw new Error(`apply ended with ${String(code)}`);
  for (const besides of ['-wal', '-shm']) rmSync(`${stateOf(world)}${besides}`, { force: true });
  return world;
};

/** Overwrites in place, as a broken disk would. */
const overwrite = (file: string, fromByte: number): void => {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(statSync(file).size - fromByte, 'garbage '), 0, null, fromByte);
  closeSync(descriptor);
};

const bytesIn = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'hex')]));

describe.concurrent('before the start', () => {
  it('no command goes on with it, nothing is sent, and not a byte of it is changed', async (scope) => {
    const { expect } = scope;
    const world = await anAppliedWorld(scope);
    const calls = world.api.calls.all.length;
    const sound = readFileSync(stateOf(world));
    const apply = ['apply', ...commonArgs(world), '--yes'];
    const watch = ['watch', ...commonArgs(world)];
    world.write('b.yaml', { 'conf-d': { mute: true } });
    for (const [state, words, commands] of [
      [
        Buffer.alloc(20_000, 'garbage '),
        'it is not a SQLite database',
        [apply, watch, ['plan', 'desired'], ['status']],
      ],
      [sound.subarray(0, 9_000), 'damaged', [watch, ['status']]],
    ] as const) {
      writeFileSync(stateOf(world), state);
      const before = bytesIn(join(world.root, '.holdfast'));
      const ended = await Promise.all(commands.map((args) => run(scope, world.root, args)));
      for (const { code, stdout, stderr } of ended) {
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toMatch(/^error: the state sqlite:\S+ cannot be read: .*move it away/);
        expect(stderr).toContain(words);
        expect(stderr).not.toMatch(trace);
      }
      expect(bytesIn(join(world.root, '.holdfast'))).toMatchObject(before);
    }
    expect(world.api.calls.all).toHaveLength(calls);
    writeFileSync(stateOf(world), sound);
    expect(await run(scope, world.root, apply)).toMatchObject({ code: 0 });
    expect(world.api.calls.all.slice(calls)).toMatchObject([{ conference: 'conf-d', body: { mute: true } }]);
  });
});

describe.concurrent('under the daemon', () => {
  for (const fromByte of [100, 4_096, 12_288]) {
    it(`overwritten from byte ${fromByte} on: nothing is sent twice`, async (scope) => {
      const { expect } = scope;
      const world = await anAppliedWorld(scope);
      const daemon = world.watch();
      await settled(daemon);
      overwrite(stateOf(world), fromByte);
      const calls = world.api.calls.all.length;
      const logs = daemon.log.all.length;
      world.write('b.yaml', { 'conf-d': { mute: true } });
      // Which pages it still needs from the disk is SQLite's affair: both are right.
      const outcome = await settled(daemon, logs).then(
        () => 'went on' as const,
        () => 'ended' as const,
      );
      daemon.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      expect(stderr).not.toMatch(trace);
      if (outcome === 'went on') expect(code).toBe(0);
      else expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be read: .*damaged/)]);
      const sent = world.api.calls.all.slice(calls);
      expect(sent.map(({ conference }) => conference)).toEqual(outcome === 'went on' ? ['conf-d'] : []);
    });
  }

  it('deleted: told, no call and no end; what comes next begins anew', async (scope) => {
    const { expect } = scope;
    const world = await anAppliedWorld(scope);
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    await ready(base, 200);
    for (const part of ['', '-wal', '-shm']) rmSync(`${stateOf(world)}${part}`, { force: true });
    const calls = world.api.calls.all.length;
    world.write('b.yaml', { 'conf-d': { mute: true } });
    const failed = await daemon.log.next('failed', ({ event }) => event === 'failed');
    expect(failed.message).toContain('the file is gone');
    expect((await ready(base, 503)).text).toContain('the file is gone');
    await pause(1_000);
    expect(world.api.calls.all).toHaveLength(calls);
    daemon.kill('SIGTERM');
    const { code, stderr } = await daemon.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(trace);
    expect(readdirSync(join(world.root, '.holdfast'))).toEqual([]);
    const next = world.watch();
    await settled(next);
    expect(world.api.calls.all).toHaveLength(calls + 4);
  });

  it('deleted and put back: it goes on where it was', async (scope) => {
    const { expect } = scope;
    const world = await anAppliedWorld(scope);
    const daemon = world.watch();
    await settled(daemon);
    mkdirSync(join(world.root, 'away'));
    const move = (from: string, to: string): void =>
      readdirSync(join(world.root, from)).forEach((name) =>
        renameSync(join(world.root, from, name), join(world.root, to, name)),
      );
    move('.holdfast', 'away');
    const calls = world.api.calls.all.length;
    const logs = daemon.log.all.length;
    world.write('b.yaml', { 'conf-d': { mute: true } });
    await daemon.log.next('failed', ({ event }) => event === 'failed', logs);
    move('away', '.holdfast');
    await settled(daemon, logs);
    expect(world.api.calls.all.slice(calls)).toMatchObject([{ conference: 'conf-d', body: { mute: true } }]);
    const status = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { conferences: 4, settled: 4 } });
  });

  it('replaced: this daemon stops and says why, and sends nothing any more', async (scope) => {
    const { expect } = scope;
    const world = await anAppliedWorld(scope);
    const other = join(world.root, 'other.db');
    copyFileSync(stateOf(world), other);
    const daemon = world.watch();
    await settled(daemon);
    const calls = world.api.calls.all.length;
    for (const part of ['-wal', '-shm']) rmSync(`${stateOf(world)}${part}`, { force: true });
    renameSync(other, stateOf(world));
    world.write('b.yaml', { 'conf-d': { mute: true } });
    const { code, stderr } = await daemon.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/taken over the state|file was replaced/);
    expect(stderr).not.toMatch(trace);
    expect(world.api.calls.all).toHaveLength(calls);
    const next = world.watch();
    await settled(next);
    expect(world.api.calls.all.slice(calls)).toMatchObject([{ conference: 'conf-d', body: { mute: true } }]);
  });
});
