/** However the process ends, and wherever: starting it again leads to the same remote state. */
import { describe, it } from 'vitest';
import { pause } from './feed.js';
import type { SettingsText } from './manifests.js';
import { run, type Program } from './program.js';
import { makeWorld, settled, type World } from './world.js';

const many = (count: number, settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`conf-${index + 1}`, settings]));

/** A daemon that has noticed a save, and so is up in all its parts. */
const watching = async (world: World, ...flags: readonly string[]): Promise<Program> => {
  const daemon = world.watch(...flags);
  await daemon.log.next('started', ({ event }) => event === 'revision');
  world.write('b.yaml', { 'conf-b': { tag: 'noticed' } });
  await settledWith(daemon, 1);
  return daemon;
};

const settledWith = (daemon: Program, conferences: number) =>
  daemon.log.next('settled', (entry) => entry.event === 'settled' && entry['settled'] === conferences);

const never = new Promise<never>(() => undefined);

describe.concurrent('killed', () => {
  it('in the middle of a call: the same call once more, then everything is settled', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', many(3, { mute: true, tag: 'x' }));
    world.api.answer(() => ({
      status: 200,
      ...(world.api.calls.all.length === 1 ? { after: never } : {}),
    }));
    const first = world.watch('--rate', '0.5');
    await first.log.next('the first is recorded', ({ outcome }) => outcome === 'applied');
    await world.api.calls.count('the call', 2);
    first.kill('SIGKILL');
    await first.ended;
    const inDoubt = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(inDoubt.stdout)).toMatchObject({ summary: { inDoubt: 1, calling: 0 } });
    const lost = world.api.calls.all[1]?.conference ?? '';
    const second = world.watch('--rate', '5');
    expect(await settled(second)).toMatchObject({ conferences: 3, settled: 3, inDoubt: 0 });
    expect(world.api.calls.all).toHaveLength(4);
    expect(world.api.bodies(lost)).toEqual([
      { mute: true, tag: 'x' },
      { mute: true, tag: 'x' },
    ]);
  });

  it('in the middle of a call that was taken back meanwhile: the last word wins', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: false } });
    const first = world.watch();
    await settled(first);
    world.api.answer(() => ({ status: 200, after: never }));
    world.write('a.yaml', { 'conf-a': { mute: true } });
    await world.api.calls.count('the mute', 2);
    first.kill('SIGKILL');
    await first.ended;
    world.write('a.yaml', { 'conf-a': {} });
    world.api.answer(() => ({ status: 200 }));
    const second = world.watch();
    await world.api.calls.count('the unmute', 3);
    await settled(second);
    expect(world.api.bodies('conf-a')).toEqual([{ mute: false }, { mute: true }, { mute: false }]);
  });

  it('again and again, at any call: everything arrives', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const remote = new Map<string, unknown>();
    world.api.answer(({ conference, body }) => {
      remote.set(conference, body);
      return { status: 200, after: pause(20) };
    });
    world.write('a.yaml', many(24, { mute: true, callbackTimeout: 500 }));
    for (const deaths of [1, 3]) {
      const from = world.api.calls.all.length;
      const victim = world.watch('--rate', '60');
      await world.api.calls.count(`calls before death ${deaths}`, deaths * 2, from);
      victim.kill('SIGKILL');
      await victim.ended;
    }
    const last = world.watch('--rate', '60');
    await settled(last);
    expect(Object.fromEntries(remote)).toEqual(many(24, { mute: true, callbackTimeout: 500 }));
    // Only what was under way when it died was sent twice: at most 40 a time, at this pace far fewer.
    expect(world.api.calls.all.length).toBeLessThanOrEqual(24 + 2 * 16);
    expect(world.api.mostAtOnce()).toBeLessThanOrEqual(2);
  });
});

describe.concurrent('stopped by SIGTERM', () => {
  it('with a call under way: it is recorded, no other begins, exit 0', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const daemon = await watching(world, '--rate', '0.5');
    const release = world.api.hold();
    world.write('a.yaml', many(3, { mute: true }));
    await world.api.calls.count('the call', 2);
    daemon.kill('SIGTERM');
    // Longer than the budget keeps the next call, and not as long as it may take to end.
    await pause(2_300);
    release();
    const { code, stdout } = await daemon.ended;
    expect(code).toBe(0);
    expect(stdout).toBe('');
    expect(daemon.log.all.at(-1)).toMatchObject({ event: 'stopped', signal: 'SIGTERM' });
    expect(world.api.calls.all).toHaveLength(2);
    const status = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { settled: 2, waiting: 2, inDoubt: 0 } });
    const next = world.watch('--rate', '10');
    await settled(next);
    expect(world.api.calls.all).toHaveLength(4);
  });

  it('with a call that never ends: exit 0 after 5 s, and the doubt is remembered', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const daemon = await watching(world);
    world.api.answer(() => ({ status: 200, after: never }));
    world.write('a.yaml', many(1, { mute: true }));
    await world.api.calls.count('the call', 2);
    const askedMs = Date.now();
    daemon.kill('SIGTERM');
    const { code } = await daemon.ended;
    expect(code).toBe(0);
    // A call may take 30 s.
    expect(Date.now() - askedMs).toBeLessThan(20_000);
    const status = await run(scope, world.root, ['status', '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ summary: { settled: 1, inDoubt: 1 } });
  });

  it('while it waits for the API: no call is under way to wait for', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const daemon = await watching(world);
    await world.api.close();
    world.write('a.yaml', many(1, { mute: true }));
    await daemon.log.next('paused', ({ event }) => event === 'paused');
    daemon.kill('SIGINT');
    expect((await daemon.ended).code).toBe(0);
    // After the grace it would have been ended without a word.
    expect(daemon.log.all.at(-1)).toMatchObject({ event: 'stopped', signal: 'SIGINT' });
  });
});
