/** The daemon waits for people to leave: it looks just before each call, tells once, and goes on by itself. */
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import { eventually } from './feed.js';
import type { Arrival, Reply } from './scripted-api.js';
import { makeWorld, settled } from './world.js';

/** How many people are in each conference, as a GET tells it. */
const crowd =
  (people: ReadonlyMap<string, number>) =>
  ({ method, conference }: Arrival): Reply =>
    method === 'POST'
      ? { status: 200 }
      : {
          status: 200,
          json: { id: conference, state: 'active', activeMembers: people.get(conference) ?? 0 },
        };

const shown = ({ method, conference }: Arrival): string => `${method} ${conference}`;
const isRefusal = ({ event }: { readonly event: string }): boolean => event === 'refused';

describe.concurrent('people in a conference', () => {
  it('hold back its end until they have left, which the daemon finds out by itself', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const people = new Map([
      ['conf-a', 7],
      ['conf-w', 1],
    ]);
    world.api.answer(crowd(people));
    world.write('a.yaml', {
      'conf-a': { state: 'completed' },
      'conf-b': { mute: true },
      'conf-w': { state: 'completed', whenEmpty: true },
    });
    const daemon = world.watch('--max-audience', '5', '--max-complete', '9', '--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    const refused = await daemon.log.next('the refusal', isRefusal);
    expect(refused).toMatchObject({ conference: 'conf-a', audience: 7, at: 'desired/a.yaml:2:3' });
    await eventually('the status tells it', async () =>
      (await get(`${base}/status`)).text.includes('7 people are in it') ? true : undefined,
    );
    await ready(base, 200);
    const alert = {
      kind: 'refused',
      message: 'conf-a: 7 people are in it, more than the 5 that --max-audience allows',
      at: 'desired/a.yaml:2:3',
    };
    expect(JSON.parse((await get(`${base}/status`)).text)).toMatchObject({ alerts: [alert] });
    expect(new Set(world.api.calls.all.map(shown))).toEqual(
      new Set(['GET conf-a', 'GET conf-w', 'POST conf-b']),
    );

    people.set('conf-a', 5);
    people.set('conf-w', 0);
    for (const id of ['conf-a', 'conf-w']) {
      const call = await world.api.calls.next(`the end of ${id}`, (one) => shown(one) === `POST ${id}`);
      expect(call.body).toEqual({ state: 'completed' });
      const index = world.api.calls.all.indexOf(call);
      const before = world.api.calls.all.slice(0, index).filter(({ conference }) => conference === id);
      expect(before.length).toBeGreaterThanOrEqual(2);
      expect(new Set(before.map(shown))).toEqual(new Set([`GET ${id}`]));
    }
    await settled(daemon);
    await eventually('nothing is held back', async () =>
      (await get(`${base}/status`)).text.includes('"alerts": []') ? true : undefined,
    );
    expect(daemon.log.all.filter(isRefusal)).toHaveLength(1);
  });

  it('are counted again for every edit, and for nothing that was withdrawn', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const people = new Map([['conf-a', 2]]);
    world.api.answer(crowd(people));
    world.write('a.yaml', { 'conf-a': { hold: true }, 'conf-b': { tag: 'x' } });
    const daemon = world.watch('--max-audience', '1');
    await daemon.log.next('the refusal', isRefusal);
    // Everything else is done.
    const first = await settled(daemon);
    expect(first['message']).toContain('1 conference as declared, 1 not');
    world.write('a.yaml', { 'conf-a': { hold: true, tag: 'y' }, 'conf-b': { tag: 'x' } });
    await daemon.log.next('the next refusal', isRefusal, daemon.log.all.length);
    people.set('conf-a', 1);
    const calls = world.api.calls.all.length;
    world.write('a.yaml', { 'conf-a': { hold: true, tag: 'z' }, 'conf-b': { tag: 'x' } });
    const call = await world.api.calls.next('the hold', ({ method }) => method === 'POST', calls);
    expect(call).toMatchObject({ conference: 'conf-a', body: { hold: true, tag: 'z' } });
    expect(shown(world.api.calls.all[calls] ?? call)).toBe('GET conf-a');

    people.set('conf-a', 9);
    const then = world.api.calls.all.length;
    world.write('a.yaml', { 'conf-a': { state: 'completed' }, 'conf-b': { tag: 'x' } });
    await daemon.log.next('refused', isRefusal, daemon.log.all.length);
    people.set('conf-a', 0);
    world.write('a.yaml', { 'conf-a': { tag: 'z' }, 'conf-b': { tag: 'sentinel' } });
    await world.api.calls.next('the sentinel', ({ conference }) => conference === 'conf-b', then);
    const bodies = world.api.calls.all.slice(then).map(({ body }) => JSON.stringify({ body }));
    expect(bodies.filter((body) => body.includes('completed'))).toEqual([]);
  });
});
