/** What the API may do to us: nothing is lost, nothing is hammered, and the log says it once. */
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import type { SettingsText } from './manifests.js';
import { refusal, type Arrival } from './scripted-api.js';
import { makeWorld, settled, type World } from './world.js';

const many = (count: number, settings: SettingsText): Readonly<Record<string, SettingsText>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`conf-${index + 1}`, settings]));

const gapsMs = (arrivals: readonly Arrival[]): readonly number[] =>
  arrivals.slice(1).map(({ atMs }, index) => atMs - (arrivals[index]?.atMs ?? 0));

const arrivalsOf = ({ api }: World, id: string): readonly Arrival[] =>
  api.calls.all.filter(({ conference }) => conference === id);

describe.concurrent('an API that cannot be reached', () => {
  it('is told once; everything is applied after it returns', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', many(3, { tag: 'x' }));
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    await settled(daemon);
    const logs = daemon.log.all.length;
    const calls = world.api.calls.all.length;
    await world.api.close();
    world.write('a.yaml', { ...many(3, { tag: 'x' }), 'conf-1': { mute: true, tag: 'x' } });
    await daemon.log.next('paused', ({ event }) => event === 'paused', logs);
    expect((await ready(base, 503)).text).toContain('unreachable');
    // What is saved meanwhile waits, and only probes fail.
    world.write('a.yaml', many(12, { mute: true, tag: 'x' }));
    world.write('b.yaml', { 'conf-b': { hold: true } });
    await daemon.log.next('the save', ({ conferences }) => conferences === 13, logs);
    await world.api.reopen();
    await daemon.log.next('resumed', ({ event }) => event === 'resumed', logs);
    await world.api.calls.count('all calls', 13, calls);
    await ready(base, 200);
    await settled(daemon, logs);
    expect(world.api.calls.all).toHaveLength(calls + 13);
    const told = daemon.log.all.slice(logs).filter(({ level }) => level !== 'info');
    expect(told.filter(({ event }) => event === 'paused')).toHaveLength(1);
    expect(told.length).toBeLessThan(20);
  });
});

describe.concurrent('a call that fails', () => {
  it('with 500 is tried again with backoff, and the others do not wait for it', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(({ conference }) =>
      conference === 'conf-1' && arrivalsOf(world, 'conf-1').length < 3
        ? refusal(500, 'internal-error')
        : { status: 200 },
    );
    world.write('a.yaml', many(3, { mute: true }));
    const daemon = world.watch();
    await daemon.log.next('applied', ({ outcome, attempt }) => outcome === 'applied' && attempt === 4);
    const tries = arrivalsOf(world, 'conf-1');
    expect(tries.map(({ body }) => body)).toEqual([1, 2, 3, 4].map(() => ({ mute: true })));
    const gaps = gapsMs(tries);
    expect(gaps[0]).toBeGreaterThanOrEqual(490);
    expect(gaps[1]).toBeGreaterThanOrEqual(990);
    expect(gaps[2]).toBeGreaterThanOrEqual(1_990);
    // The others were done before it was.
    expect(world.api.calls.all.at(-1)).toBe(tries.at(-1));
    expect(world.api.calls.all).toHaveLength(6);
    expect(daemon.log.all.find(({ conference }) => conference === 'conf-1')).toMatchObject({
      event: 'call',
      outcome: 'in doubt',
      status: 500,
      code: 'internal-error',
    });
  });

  it('with 409 is tried again', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(() =>
      world.api.calls.all.length < 1 ? refusal(409, 'update-conflict', 'busy', 'conflict') : { status: 200 },
    );
    world.write('a.yaml', many(1, { mute: true }));
    const daemon = world.watch();
    await daemon.log.next('applied', ({ outcome }) => outcome === 'applied');
    expect(world.api.bodies('conf-1')).toEqual([{ mute: true }, { mute: true }]);
  });

  it('with 429 waits for the reset, and all others with it', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    let resetMs = 0;
    world.api.answer(() => {
      if (resetMs > 0) return { status: 200 };
      resetMs = Date.now() + 2_500;
      return {
        ...refusal(429, 'too-many-requests', 'slow down', 'limit'),
        headers: { 'x-ratelimit-reset': String(resetMs) },
      };
    });
    world.write('a.yaml', many(1, { mute: true }));
    const daemon = world.watch();
    const limited = await daemon.log.next('the 429', ({ status }) => status === 429);
    expect(limited).toMatchObject({ event: 'call', outcome: 'over the limit' });
    // Nothing but the reset keeps what is declared now from going out at once.
    world.write('a.yaml', many(3, { mute: true }));
    const later = await world.api.calls.count('all calls', 3, 1);
    expect(Math.min(...later.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(resetMs - 5);
  });

  it('with 401 stops all calls but a probe at a growing interval', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(() =>
      world.api.calls.all.length < 2 ? refusal(401, 'unauthorized', 'no', 'authentication') : { status: 200 },
    );
    world.write('a.yaml', many(1, { mute: true }));
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    const paused = await daemon.log.next('paused', ({ event }) => event === 'paused');
    expect(paused).toMatchObject({ level: 'error', status: 401 });
    expect((await ready(base, 503)).text).toContain('denied');
    // Nothing but the pause keeps what is declared now from going out at once.
    world.write('a.yaml', many(5, { mute: true }));
    world.write('b.yaml', { 'conf-b': { hold: true } });
    await world.api.calls.count('both probes', 3);
    const [first = 0, second = 0] = gapsMs(world.api.calls.all.slice(0, 3));
    expect(first).toBeGreaterThan(1_900);
    expect(second).toBeGreaterThan(3_900);
    await daemon.log.next('resumed', ({ event }) => event === 'resumed');
    await settled(daemon);
    await ready(base, 200);
    expect(world.api.calls.all).toHaveLength(8);
    expect(daemon.log.all.filter(({ event }) => event === 'paused')).toHaveLength(1);
  });

  it('with a 404 of another kind stops all calls, too', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(() => refusal(404, 'user-not-found', 'no such user', 'not-found'));
    world.write('a.yaml', many(1, { mute: true }));
    const daemon = world.watch();
    await daemon.log.next('paused', ({ event, status }) => event === 'paused' && status === 404);
    world.write('a.yaml', many(3, { mute: true }));
    await world.api.calls.count('a probe', 2);
    expect(gapsMs(world.api.calls.all)[0]).toBeGreaterThan(1_900);
  });
});

describe.concurrent('a call that is refused for good', () => {
  it('with 400 is not tried again until its declaration changes, then at once', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(({ body }) =>
      JSON.stringify(body).includes('bad') ? refusal(400, 'invalid-tag', 'the tag is bad') : { status: 200 },
    );
    world.write('a.yaml', { 'conf-a': { tag: 'bad' } });
    world.write('b.yaml', { 'conf-b': { tag: 'one' } });
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    const rejected = await daemon.log.next('rejected', ({ outcome }) => outcome === 'rejected');
    expect(rejected).toMatchObject({
      level: 'warn',
      event: 'call',
      conference: 'conf-a',
      status: 400,
      code: 'invalid-tag',
      at: 'desired/a.yaml:3:10',
    });
    expect(rejected.message).toContain('the tag is bad');
    await world.api.calls.count('both', 2);
    // Other saves, even of the same file, are no reason.
    world.write('b.yaml', { 'conf-b': { tag: 'two' } });
    await world.api.calls.count('another save', 3);
    world.write('a.yaml', { 'conf-0': { tag: 'more' }, 'conf-a': { tag: 'bad' } });
    await world.api.calls.count('the same file', 4);
    expect(world.api.bodies('conf-a')).toHaveLength(1);
    expect(JSON.parse((await get(`${base}/status`)).text)).toMatchObject({
      conferences: [{ conference: 'conf-0' }, { conference: 'conf-a', standing: 'rejected' }, {}],
    });
    world.write('a.yaml', { 'conf-0': { tag: 'more' }, 'conf-a': { tag: 'good' } });
    await world.api.calls.count('the change', 5);
    expect(world.api.bodies('conf-a')).toEqual([{ tag: 'bad' }, { tag: 'good' }]);
  });

  it('with 400 is not tried again after a restart either', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(({ body }) =>
      JSON.stringify(body).includes('bad') ? refusal(400, 'invalid-tag') : { status: 200 },
    );
    world.write('a.yaml', { 'conf-a': { tag: 'bad' } });
    const first = world.watch();
    await settled(first);
    first.kill('SIGTERM');
    await first.ended;
    const second = world.watch();
    await settled(second);
    world.write('b.yaml', { 'conf-b': { tag: 'sentinel' } });
    await world.api.calls.count('the sentinel', 2);
    expect(world.api.bodies('conf-a')).toHaveLength(1);
  });

  it('as not found is not hammered, and tried when its declaration changes', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.api.answer(({ conference }) =>
      conference === 'conf-a'
        ? refusal(404, 'conference-not-found', 'not there', 'not-found')
        : { status: 200 },
    );
    world.write('a.yaml', { 'conf-a': { tag: 'one' }, 'conf-b': { tag: 'one' } });
    const daemon = world.watch('--listen', '127.0.0.1:0');
    const base = await listeningAt(daemon);
    const missing = await daemon.log.next('missing', ({ outcome }) => outcome === 'missing');
    expect(missing).toMatchObject({ event: 'call', status: 404, at: 'desired/a.yaml:3:10' });
    world.write('a.yaml', { 'conf-a': { tag: 'one' }, 'conf-b': { tag: 'two' } });
    await world.api.calls.count('another conference', 3);
    expect(world.api.bodies('conf-a')).toHaveLength(1);
    world.write('a.yaml', { 'conf-a': { tag: 'two' }, 'conf-b': { tag: 'two' } });
    await world.api.calls.count('the change', 4);
    expect(world.api.bodies('conf-a')).toEqual([{ tag: 'one' }, { tag: 'two' }]);
    await daemon.log.next(
      'missing',
      ({ outcome }) => outcome === 'missing',
      daemon.log.all.indexOf(missing) + 1,
    );
    const { text } = await get(`${base}/status`);
    expect(JSON.parse(text)).toMatchObject({ summary: { missing: 1, settled: 1 } });
  });
});
