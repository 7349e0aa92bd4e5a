/** The daemon holds what a safety check refuses, and only that. */
import { rmSync } from 'node:fs';
import { describe, it } from 'vitest';
import { get, listeningAt } from './endpoint.js';
import { eventually } from './feed.js';
import type { SettingsText } from './manifests.js';
import { makeWorld, settled } from './world.js';

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `conf-${String(index + 1).padStart(2, '0')}`);

const all = (names: readonly string[], settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(names.map((name) => [name, settings]));

const completed = { state: 'completed' };

describe.concurrent('state: completed', () => {
  it('for more than --max-complete is held, everything else goes out', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const ending = ids(3);
    world.write('a.yaml', { ...all(ending, { tag: 'x' }), 'conf-other': { tag: 'x' } });
    const daemon = world.watch('--max-complete', '2', '--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', { ...all(ending, completed), 'conf-other': { mute: true, tag: 'x' } });
    const refused = await daemon.log.next('refused', ({ event }) => event === 'refused');
    expect(refused).toMatchObject({ level: 'error', conference: 'conf-01', rule: 'max-complete' });
    await world.api.calls.next('the other one', ({ conference }) => conference === 'conf-other', calls);
    expect((await get(`${base}/status`)).text).toContain('max-complete');
    // One less, and they may go.
    world.write('a.yaml', { ...all(ending.slice(1), completed), 'conf-01': { tag: 'x' }, 'conf-other': {} });
    await world.api.calls.count('the other and two endings', 3, calls);
    const made = world.api.calls.all.slice(calls).map(({ conference, body }) => [conference, body]);
    expect(made).toEqual(
      expect.arrayContaining([
        ['conf-other', { mute: true }],
        ['conf-02', { state: 'completed' }],
        ['conf-03', { state: 'completed' }],
      ]),
    );
    expect(daemon.log.all.filter(({ event }) => event === 'refused')).toHaveLength(3);
  });

  it('for more than 30 % of ten is held whatever --max-complete says', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const names = ids(10);
    world.write('a.yaml', all(names, { tag: 'x' }));
    const daemon = world.watch('--max-complete', '100');
    await settled(daemon);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', { ...all(names.slice(0, 6), { tag: 'y' }), ...all(names.slice(6), completed) });
    await daemon.log.next(
      'refused',
      ({ event, rule }) => event === 'refused' && rule === 'max-complete-share',
    );
    await world.api.calls.count('the others', 6, calls);
    world.write('a.yaml', { ...all(names.slice(0, 7), { tag: 'y' }), ...all(names.slice(7), completed) });
    await world.api.calls.next('three endings', ({ conference }) => conference === 'conf-10', calls);
    await world.api.calls.count('all', 10, calls);
    const ended = world.api.calls.all
      .slice(calls)
      .flatMap(({ conference, body }) => (JSON.stringify(body).includes('state') ? [conference] : []));
    expect(ended.sort()).toEqual(['conf-08', 'conf-09', 'conf-10']);
  });

  it('for a protected one is held, also over a restart, until protect: false', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-p': { protect: true, tag: 'x' }, 'conf-q': { tag: 'x' } });
    const first = world.watch();
    await settled(first);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', { 'conf-p': { ...completed }, 'conf-q': { tag: 'y' } });
    await first.log.next('refused', ({ event, rule }) => event === 'refused' && rule === 'protected');
    await world.api.calls.next('the other one', ({ conference }) => conference === 'conf-q', calls);
    first.kill('SIGTERM');
    await first.ended;
    const second = world.watch();
    await second.log.next('refused', ({ event, rule }) => event === 'refused' && rule === 'protected');
    world.write('a.yaml', { 'conf-p': { protect: false, ...completed }, 'conf-q': { tag: 'y' } });
    const call = await world.api.calls.next('the ending', ({ conference }) => conference === 'conf-p', calls);
    expect(call.body).toEqual({ state: 'completed' });
  });

  it('removing everything is held: nothing is sent, nothing is forgotten', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true }, 'conf-b': { hold: true } });
    const daemon = world.watch('--on-remove', 'reset', '--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    rmSync(world.file('a.yaml'));
    const refused = await daemon.log.next('refused', ({ event }) => event === 'refused');
    expect(refused['rule']).toBe('everything-removed');
    expect(JSON.parse((await get(`${base}/status`)).text)).toMatchObject({
      summary: { conferences: 2 },
      alerts: [{ kind: 'refused' }, { kind: 'refused' }],
    });
    // One of them back: then the other was meant to go.
    world.write('b.yaml', { 'conf-a': { mute: true } });
    const call = await world.api.calls.next('the reset', () => true, 2);
    expect(call).toMatchObject({ conference: 'conf-b', body: { hold: false } });
    expect(world.api.bodies('conf-a')).toHaveLength(1);
  });

  it('that a person takes back before it was sent costs nothing', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', all(ids(3), { tag: 'x' }));
    const daemon = world.watch('--max-complete', '1');
    await settled(daemon);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', all(ids(3), completed));
    await daemon.log.next('refused', ({ event }) => event === 'refused');
    world.write('a.yaml', { ...all(ids(3), { tag: 'x' }), 'conf-s': { mute: true } });
    await world.api.calls.next('the sentinel', ({ conference }) => conference === 'conf-s', calls);
    expect(world.api.calls.all).toHaveLength(calls + 1);
  });

  it('of one that has ended by itself is applied, a change of such a one is blocked with its place', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(({ conference }) =>
      conference === 'conf-s'
        ? { status: 200 }
        : {
            status: 403,
            json: {
              category: 'forbidden',
              code: 'conference-error',
              message: `Unable to update conference ${conference}. Invalid conference state COMPLETED`,
              details: [],
            },
          },
    );
    world.write('a.yaml', { 'conf-a': { state: 'completed' }, 'conf-b': { mute: true } });
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    const blocked = await daemon.log.next('blocked', ({ event }) => event === 'blocked');
    expect(blocked).toMatchObject({ conference: 'conf-b', at: 'desired/a.yaml:5:11' });
    await settled(daemon);
    world.write('c.yaml', { 'conf-s': { mute: true } });
    await world.api.calls.next('the sentinel', ({ conference }) => conference === 'conf-s');
    expect(world.api.calls.all).toHaveLength(3);
    await eventually('the sentinel settled', async () =>
      (await get(`${base}/status`)).text.includes('"settled": 2') ? true : undefined,
    );
    expect(JSON.parse((await get(`${base}/status`)).text)).toMatchObject({
      summary: { conferences: 3, settled: 2, blocked: 1 },
    });
  });
});
