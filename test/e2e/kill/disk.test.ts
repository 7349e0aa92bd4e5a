/** A disk that takes no more, and a folder that may not be written: told, nothing sent, and all goes on afterwards. */
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from '../daemon/endpoint.js';
import { pause } from '../daemon/feed.js';
import { run, start } from '../daemon/program.js';
import { makeWorld, settled, type World } from '../daemon/world.js';
import { canLimit, commonArgs, limit, permissionsCount, trace, withLimit } from './machine.js';

const stateOf = ({ root }: World): string => join(root, '.holdfast/state.db');

/** So many that they do not fit into pages that are there already. */
const plenty = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`conf-${index}`, { mute: true, tag: 'x'.repeat(200) }]),
);

describe.concurrent('a state that may not grow', () => {
  it('under the daemon: told once, no call, and all goes on when it may', async (scope) => {
    const { expect } = scope;
    if (!canLimit()) return scope.skip('the limits of a running process cannot be changed here');
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    await ready(base, 200);
    const logs = daemon.log.all.length;
    limit(daemon.pid, 'fsize', statSync(`${stateOf(world)}-wal`).size);
    world.write('b.yaml', plenty);
    const failed = await daemon.log.next('failed', ({ event }) => event === 'failed', logs);
    expect(failed.message).toMatch(/^the state sqlite:\S+ cannot be used now: /);
    await ready(base, 503);
    const during = world.api.calls.all.length;
    await pause(1_000);
    expect((await get(`${base}/healthz`)).status).toBe(200);
    expect(world.api.calls.all.length).toBe(during);
    limit(daemon.pid, 'fsize', 'unlimited');
    await world.api.calls.count('all calls', 61);
    await ready(base, 200);
    await settled(daemon, logs);
    expect(world.api.calls.all).toHaveLength(61);
    expect(daemon.log.all.filter(({ event }) => event === 'failed')).toHaveLength(1);
    daemon.kill('SIGTERM');
    const { code, stderr } = await daemon.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(trace);
  });

  it('from the start: exit 1, clear, nothing sent; later it works by itself', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', plenty);
    const apply = ['apply', ...commonArgs(world), '--yes'];
    // Too little for any state, and for the state but not for what has to be written down.
    for (const [blocks, args] of [
      [1, apply],
      [1, ['watch', ...commonArgs(world)]],
      [100, apply],
    ] as const) {
      const { code, stderr } = await run(scope, world.root, args, {}, withLimit(`-f ${blocks}`));
      expect(code).toBe(1);
      expect(stderr).toMatch(/the state sqlite:\S+ cannot be used now: disk I\/O error/);
      expect(stderr).not.toMatch(trace);
    }
    expect(world.api.calls.all).toEqual([]);
    expect(await run(scope, world.root, apply)).toMatchObject({ code: 0 });
    expect(world.api.calls.all).toHaveLength(60);
  });
});

describe.concurrent('a folder that may not be written', () => {
  it('from the start: exit 1, clear, nothing sent, nothing made; later it works by itself', async (scope) => {
    const { expect } = scope;
    const through = permissionsCount();
    if (through === undefined) return scope.skip('root cannot give up its rights here');
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const folder = join(world.root, '.holdfast');
    mkdirSync(folder, { mode: 0o500 });
    for (const args of [
      ['apply', ...commonArgs(world), '--yes'],
      ['watch', ...commonArgs(world)],
    ]) {
      const { code, stderr } = await run(scope, world.root, args, {}, through);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: the state sqlite:\S+ cannot be used now: EACCES: permission denied/);
      expect(stderr).not.toMatch(trace);
    }
    // Nothing is known yet: that can be said without writing.
    for (const args of [['plan', 'desired'], ['status']])
      expect(await run(scope, world.root, args, {}, through)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(folder)).toEqual([]);
    expect(world.api.calls.all).toEqual([]);
    chmodSync(folder, 0o700);
    const later = await run(scope, world.root, ['apply', ...commonArgs(world), '--yes'], {}, through);
    expect(later.code).toBe(0);
  });

  it('any more, while the daemon runs: it goes on with what it has open, and plan and status see it', async (scope) => {
    const { expect } = scope;
    const through = permissionsCount();
    if (through === undefined) return scope.skip('root cannot give up its rights here');
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const daemon = start(scope, world.root, ['watch', ...commonArgs(world)], {}, through);
    await settled(daemon);
    const folder = join(world.root, '.holdfast');
    const protect = (folderMode: number, fileMode: number): void => {
      chmodSync(folder, folderMode);
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), fileMode);
    };
    protect(0o500, 0o400);
    const logs = daemon.log.all.length;
    world.write('b.yaml', { 'conf-b': { mute: true } });
    await settled(daemon, logs);
    expect(world.api.calls.all).toHaveLength(2);
    const status = await run(scope, world.root, ['status', '--format', 'json'], {}, through);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { settled: 2 }, writer: { pid: daemon.pid } });
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0 });
    const refused = await run(scope, world.root, ['watch', ...commonArgs(world)], {}, through);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: the state sqlite:\S+ cannot be used now: no permission to write/);
    expect(refused.stderr).not.toMatch(trace);
    protect(0o700, 0o600);
    world.write('c.yaml', { 'conf-c': { mute: true } });
    const later = await run(scope, world.root, ['apply', ...commonArgs(world), '--yes'], {}, through);
    expect(later.code).toBe(0);
    expect(world.api.calls.all).toHaveLength(3);
  });
});
