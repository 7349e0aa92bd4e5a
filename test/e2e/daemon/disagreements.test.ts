/** Cases in which the daemon was found not to keep its contract. Each belongs beside its kin once it does. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import type { SettingsText } from './manifests.js';
import { run } from './program.js';
import { makeWorld, settled } from './world.js';

const many = (count: number, settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`conf-${index + 1}`, settings]));

describe.concurrent('the daemon', () => {
  it('finds within seconds that the API is back, however many calls failed at once', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    await world.api.close();
    world.write('a.yaml', many(20, { mute: true }));
    const daemon = world.watch();
    const paused = await daemon.log.next('paused', ({ event }) => event === 'paused');
    await world.api.reopen();
    const backMs = Date.now();
    const awayMs = backMs - Date.parse(paused.time);
    const [call] = await world.api.calls.count('the first call', 1);
    // A probe waits no longer than it has failed for so far. After twenty failures in a row it would wait 15 s at least.
    expect((call?.atMs ?? Infinity) - backMs).toBeLessThan(2 * awayMs + 12_000);
  });

  it('heeds SIGTERM from its first call on: the call is recorded, exit 0', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const release = world.api.hold();
    world.write('a.yaml', many(1, { mute: true }));
    // So many that it takes a moment to watch them all.
    for (let index = 0; index < 500; index += 1) mkdirSync(world.file(`folder-${index}`));
    const daemon = world.watch();
    await world.api.calls.count('the call', 1);
    daemon.kill('SIGTERM');
    release();
    expect((await daemon.ended).code).toBe(0);
    const status = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { settled: 1, inDoubt: 0 } });
  });

  it('ends with 1 when --listen has no free port, and makes no call', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', many(1, { mute: true }));
    const taken = createServer().listen(0, '127.0.0.1');
    scope.onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const daemon = world.watch('--listen', `127.0.0.1:${port}`);
    const { code, stderr } = await daemon.ended;
    expect(stderr).toContain(String(port));
    expect(code).toBe(1);
    expect(world.api.calls.all).toEqual([]);
  });

  it('says the same moment at /status as `holdfast status` since when it holds the state', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await ready(base, 200);
    const told = await run(scope, world.root, ['status', '--format', 'json', '--rate', 'unlimited']);
    expect(JSON.parse((await get(`${base}/status`)).text)).toEqual(JSON.parse(told.stdout));
  });

  it('takes back what was removed from a valid file although another one was broken at the start', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    world.write('b.yaml', { 'conf-b': { mute: true } });
    const first = world.watch();
    await settled(first);
    first.kill('SIGKILL');
    await first.ended;
    writeFileSync(world.file('a.yaml'), 'conferences: [');
    const second = world.watch();
    await second.log.next('invalid', ({ event }) => event === 'invalid');
    world.write('b.yaml', { 'conf-b': {} });
    const unmute = await world.api.calls.count('the unmute', 3);
    expect(unmute[2]).toMatchObject({ conference: 'conf-b', body: { mute: false } });
  });

  it('says that its state was deleted, and lets nobody take its place unnoticed', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const first = world.watch();
    await settled(first);
    rmSync(join(world.root, '.holdfast'), { recursive: true });
    world.write('b.yaml', { 'conf-b': { mute: true } });
    const outcome = await Promise.race([
      first.log.next('failed', ({ event }) => event === 'failed').then(() => 'told'),
      world.api.calls.count('the call', 2).then(() => 'went on silently'),
      first.ended.then(() => 'ended'),
    ]);
    expect(outcome).not.toBe('went on silently');
  });
});
