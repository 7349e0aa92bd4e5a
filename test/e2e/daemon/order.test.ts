/** Which call goes when: never two at once to one conference, the last word wins, what people hear goes first. */
import { describe, it } from 'vitest';
import type { SettingsText } from './manifests.js';
import { makeWorld, settled } from './world.js';

const many = (count: number, settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`conf-${index + 1}`, settings]));

describe.concurrent('several changes of one conference while its call is under way', () => {
  it('lead to one more call with the last state, never two at once', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const release = world.api.hold();
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
    const release = world.api.hold();
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

/** So many calls may be under way at once. */
const mostUnderWay = 40;

describe.concurrent('while others wait their turn', () => {
  it('a new mute overtakes the tags', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const release = world.api.hold();
    world.write('a.yaml', many(mostUnderWay + 4, { tag: 'x' }));
    const daemon = world.watch();
    await world.api.calls.count('as many tags as may be', mostUnderWay);
    const from = daemon.log.all.length;
    world.write('b.yaml', { 'conf-loud': { mute: true } });
    await daemon.log.next('the plan', ({ event }) => event === 'plan', from);
    release(1);
    const [next] = await world.api.calls.count('the next call', 1, mostUnderWay);
    expect(next).toMatchObject({ conference: 'conf-loud' });
    release();
    await settled(daemon);
    expect(world.api.calls.all).toHaveLength(mostUnderWay + 5);
  });

  it('later changes of a waiting conference ride along in one call', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const release = world.api.hold();
    world.write('a.yaml', many(mostUnderWay + 1, { tag: 'x' }));
    const daemon = world.watch();
    await world.api.calls.count('as many as may be', mostUnderWay);
    const waiting = Object.keys(many(mostUnderWay + 1, {})).filter((id) => world.api.bodies(id).length === 0);
    expect(waiting).toHaveLength(1);
    const [last = ''] = waiting;
    const from = daemon.log.all.length;
    world.write('a.yaml', {
      ...many(mostUnderWay + 1, { tag: 'x' }),
      [last]: { callbackTimeout: 500, tag: 'y' },
    });
    await daemon.log.next('the revision', ({ event }) => event === 'revision', from);
    release();
    await settled(daemon);
    expect(world.api.bodies(last)).toEqual([{ callbackTimeout: 500, tag: 'y' }]);
    expect(world.api.calls.all).toHaveLength(mostUnderWay + 1);
  });
});

describe.concurrent('a budget of 1 a second', () => {
  it('a hold that is taken back before its turn costs no call, and none comes before its time', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-z': { hold: false } });
    const daemon = world.watch('--rate', '1');
    await settled(daemon);
    const from = daemon.log.all.length;
    // The other four, which come first, keep the budget busy.
    world.write('a.yaml', { 'conf-z': { hold: true }, ...many(4, { mute: true }) });
    await daemon.log.next('the plan', ({ event, calls }) => event === 'plan' && calls === 5, from);
    world.write('a.yaml', { 'conf-z': { hold: false }, ...many(4, { mute: true }) });
    await world.api.calls.count('the others', 5);
    await settled(daemon, from);
    expect(world.api.bodies('conf-z')).toEqual([{ hold: false }]);
    // Measured from what was before all of them: one call that is late says nothing of the next one.
    const startedMs = Date.parse(daemon.log.all[0]?.time ?? '');
    const soonestMs = world.api.calls.all.map(({ atMs }, turn) => atMs - startedMs - turn * 1_000);
    expect(Math.min(...soonestMs)).toBeGreaterThanOrEqual(-20);
  });
});
