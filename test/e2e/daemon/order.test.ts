/** Which call goes when: never two at once to one conference, the last word wins, what people hear goes first. */
import { describe, it } from 'vitest';
import type { SettingsText } from './manifests.js';
import { makeWorld, settled } from './world.js';

const many = (count: number, settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`conf-${index + 1}`, settings]));

describe.concurrent('several changes of one conference while its call is under way', {
  timeout: 60_000,
}, () => {
  it('lead to one more call with the last state, never two at once', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    let release = (): void => undefined;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    world.api.answer(() => ({ status: 200, ...(world.api.calls.all.length === 0 ? { after: gate } : {}) }));
    world.write('a.yaml', { 'conf-a': { tag: 'v1' } });
    const daemon = world.watch();
    await world.api.calls.count('the first call', 1);
    for (const tag of ['v2', 'v3', 'v4', 'v5']) {
      const from = daemon.log.all.length;
      world.write('a.yaml', { 'conf-a': { mute: true, tag } });
      await daemon.log.next(`revision ${tag}`, ({ event }) => event === 'revision', from);
    }
    release();
    await world.api.calls.count('the second call', 2);
    await settled(daemon);
    world.write('b.yaml', { 'conf-b': { mute: true } });
    await world.api.calls.next('the sentinel', ({ conference }) => conference === 'conf-b');
    expect(world.api.bodies('conf-a')).toEqual([{ tag: 'v1' }, { mute: true, tag: 'v5' }]);
    expect(world.api.mostAtOnce()).toBe(1);
  });

  it('taken back while it is under way: one call that takes it back', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { hold: false } });
    const daemon = world.watch();
    await settled(daemon);
    let release = (): void => undefined;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    world.api.answer(() => ({ status: 200, after: gate }));
    world.write('a.yaml', { 'conf-a': { hold: true } });
    await world.api.calls.count('the hold', 2);
    const from = daemon.log.all.length;
    world.write('a.yaml', { 'conf-a': { hold: false } });
    await daemon.log.next('the revision', ({ event }) => event === 'revision', from);
    release();
    await world.api.calls.count('the release', 3);
    expect(world.api.bodies('conf-a')).toEqual([{ hold: false }, { hold: true }, { hold: false }]);
    expect(world.api.mostAtOnce()).toBe(1);
  });
});

describe.concurrent('a budget', { timeout: 60_000 }, () => {
  it('of 1 a second: hold, then taken back before its turn, costs no call', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-z': { hold: false }, ...many(2, { mute: true }) });
    const daemon = world.watch('--rate', '1');
    // The other two, which come first, keep the budget busy.
    await world.api.calls.next('its first call', ({ conference }) => conference === 'conf-z');
    const calls = world.api.calls.all.length;
    const from = daemon.log.all.length;
    world.write('a.yaml', { 'conf-z': { hold: true }, ...many(2, { mute: false }) });
    await daemon.log.next('the plan', ({ event, calls: planned }) => event === 'plan' && planned === 3, from);
    world.write('a.yaml', { 'conf-z': { hold: false }, ...many(2, { mute: false }) });
    await world.api.calls.next('the last one', ({ conference }) => conference === 'conf-2', calls);
    await settled(daemon);
    expect(world.api.bodies('conf-z')).toEqual([{ hold: false }]);
    const gaps = world.api.calls.all
      .slice(1)
      .map(({ atMs }, at) => atMs - (world.api.calls.all[at]?.atMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(950);
  });

  it('lets a new mute overtake twenty tags that wait', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', many(20, { tag: 'x' }));
    const daemon = world.watch('--rate', '5');
    await world.api.calls.count('the first tags', 3);
    world.write('b.yaml', { 'conf-loud': { mute: true } });
    const from = daemon.log.all.length;
    await daemon.log.next('the plan', ({ event }) => event === 'plan', from);
    const before = world.api.calls.all.length;
    await world.api.calls.next('the mute', ({ conference }) => conference === 'conf-loud');
    const place = world.api.calls.all.findIndex(({ conference }) => conference === 'conf-loud');
    // One may have been on its way when the plan was told.
    expect(place).toBeLessThanOrEqual(before + 1);
    await settled(daemon);
    expect(world.api.calls.all).toHaveLength(21);
    const took = (world.api.calls.all.at(-1)?.atMs ?? 0) - (world.api.calls.all[0]?.atMs ?? 0);
    expect(took).toBeGreaterThanOrEqual(20 * 195);
  });

  it('lets later changes of a waiting conference ride along in one call', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', many(8, { tag: 'x' }));
    const daemon = world.watch('--rate', '4');
    await world.api.calls.count('the first', 1);
    const from = daemon.log.all.length;
    world.write('a.yaml', { ...many(8, { tag: 'x' }), 'conf-8': { callbackTimeout: 500, tag: 'y' } });
    await daemon.log.next('the revision', ({ event }) => event === 'revision', from);
    await settled(daemon);
    expect(world.api.bodies('conf-8')).toEqual([{ callbackTimeout: 500, tag: 'y' }]);
    expect(world.api.calls.all).toHaveLength(8);
  });
});
