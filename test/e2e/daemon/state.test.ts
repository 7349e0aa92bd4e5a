/** What may happen to the state while the daemon holds it. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import { pause } from './feed.js';
import { run } from './program.js';
import type { Scope } from './scope.js';
import { makeWorld, settled } from './world.js';

/** A file system of its own, so small that it can be filled; undefined where mounting is not allowed. */
const smallDisk = ({ onTestFinished }: Scope, folder: string): boolean => {
  mkdirSync(folder);
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync('/bin/umount', ['--lazy', folder], { stdio: 'ignore' });
  });
  return true;
};

const fill = (path: string): void => {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch {
    closeSync(file);
  }
};

describe.concurrent('the state', () => {
  it('on a full disk: it is told once, no call is made, and all goes on when there is room', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    if (!smallDisk(scope, join(world.root, 'disk'))) {
      scope.skip('mounting a small disk is not allowed here');
      return;
    }
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const daemon = world.watch('--state', 'sqlite:disk/state.db', '--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    await ready(base, 200);
    const filler = join(world.root, 'disk/filler');
    fill(filler);
    const logs = daemon.log.all.length;
    // Far more than what may still fit into pages that are there already.
    const conferences = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`conf-${index}`, { mute: true, tag: 'x'.repeat(200) }]),
    );
    world.write('b.yaml', conferences);
    const failed = await daemon.log.next('failed', ({ event }) => event === 'failed', logs);
    expect(failed).toMatchObject({ level: 'error' });
    expect(failed.message).toContain('full');
    expect((await ready(base, 503)).text).toContain('full');
    const during = world.api.calls.all.length;
    await pause(2_500);
    expect((await get(`${base}/healthz`)).status).toBe(200);
    expect(world.api.calls.all.length).toBe(during);
    rmSync(filler);
    await world.api.calls.count('all calls', 61);
    await ready(base, 200);
    await settled(daemon, logs);
    expect(world.api.calls.all).toHaveLength(61);
    expect(daemon.log.all.filter(({ event }) => event === 'failed')).toHaveLength(1);
  });

  it('moved away under the daemon and back: nothing is lost', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const daemon = world.watch();
    await settled(daemon);
    renameSync(join(world.root, '.holdfast'), join(world.root, 'away'));
    world.write('b.yaml', { 'conf-b': { mute: true } });
    const outcome = await Promise.race([
      daemon.log.next('failed', ({ event }) => event === 'failed').then(() => 'told'),
      world.api.calls.count('the call', 2).then(() => 'went on'),
      daemon.ended.then(() => 'ended'),
    ]);
    expect(outcome).not.toBe('ended');
    renameSync(join(world.root, 'away'), join(world.root, '.holdfast'));
    await world.api.calls.count('the call', 2);
    await daemon.log.next('both settled', ({ event, settled: done }) => event === 'settled' && done === 2);
    const status = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { conferences: 2, settled: 2 } });
  });
});
