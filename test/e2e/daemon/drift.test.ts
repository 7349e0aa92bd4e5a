/**
 * Drift, with the whole program: somebody else changes a live value, and the daemon, which reads when nothing
 * else is to be done, tells it, sets it again, or never looks.
 */
import { describe, it } from 'vitest';
import type { Program } from './program.js';
import type { Arrival, Reply } from './scripted-api.js';
import { makeWorld, settled, type World } from './world.js';

type Settings = Readonly<Record<string, unknown>>;

/** An API that keeps what it is told, and answers a GET with what was ever set. */
const keeper = (world: World) => {
  const settings = new Map<string, Settings>();
  const ended = new Set<string>();
  const change = (conference: string, body: Settings): void => {
    settings.set(conference, { ...settings.get(conference), ...body });
  };
  const answer = ({ method, conference, body }: Arrival): Reply => {
    if (method === 'POST' && isSettings(body)) change(conference, body);
    return {
      status: 200,
      json: {
        id: conference,
        state: ended.has(conference) ? 'completed' : 'active',
        activeMembers: 2,
        ...settings.get(conference),
      },
    };
  };
  world.api.answer(answer);
  return { change, ended, answer, unset: (conference: string) => settings.set(conference, {}) };
};

const isSettings = (body: unknown): body is Settings => typeof body === 'object' && body !== null;

const shown = ({ method, conference }: Arrival): string => `${method} ${conference}`;
const arrivals = (world: World, from: number): readonly string[] =>
  world.api.calls.all.slice(from).map(shown);
const nextRead = (world: World, conference: string): Promise<Arrival> =>
  world.api.calls.next(
    `a read of ${conference}`,
    (call) => shown(call) === `GET ${conference}`,
    world.api.calls.all.length,
  );
const logged = (daemon: Program, event: string): readonly unknown[] =>
  daemon.log.all.filter((entry) => entry.event === event);
const next = (daemon: Program, event: string) => daemon.log.next(event, (entry) => entry.event === event);

const soon = ['--drift-every', '1s'];

describe.concurrent('drift', () => {
  it('is told once with what was applied, what is live and since when; nothing is sent', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const api = keeper(world);
    const url = 'https://u:s3same@hooks.example.com/';
    world.write('a.yaml', {
      'conf-a': { mute: true, callbackUrl: url },
      'conf-b': { hold: false, mute: false, tag: 'x' },
    });
    const daemon = world.watch(...soon);
    await settled(daemon);
    const from = world.api.calls.all.length;
    // What an answer leaves out is false, and that is no drift.
    await nextRead(world, 'conf-b');
    api.change('conf-a', { mute: false, callbackUrl: 'https://u:0pen@elsewhere.example.com/' });
    const mute = await daemon.log.next('the drift', (entry) => entry['setting'] === 'mute');
    expect(mute).toMatchObject({
      level: 'warn',
      event: 'drift',
      conference: 'conf-a',
      declared: true,
      applied: true,
      live: false,
      at: 'desired/a.yaml:3:11',
    });
    expect(Date.now() - Date.parse(String(mute['since']))).toBeLessThan(600_000);
    const callback = await daemon.log.next('the other', (entry) => entry['setting'] === 'callbackUrl');
    expect(callback).toMatchObject({
      declared: 'https://u:***@hooks.example.com/',
      live: 'https://u:***@elsewhere.example.com/',
    });
    await nextRead(world, 'conf-a');
    await nextRead(world, 'conf-a');
    expect(logged(daemon, 'drift')).toHaveLength(2);
    expect(logged(daemon, 'waiting')).toEqual([]);

    api.change('conf-a', { mute: true });
    expect(await next(daemon, 'drift-over')).toMatchObject({ conference: 'conf-a', settings: ['mute'] });
    expect(arrivals(world, from).filter((call) => call.startsWith('POST'))).toEqual([]);
    // Measured from what was before all of them: one read that is late says nothing of the next one.
    const startedMs = Date.parse(daemon.log.all[0]?.time ?? '');
    const reads = world.api.calls.all.filter((call) => shown(call) === 'GET conf-a');
    for (const [turn, { atMs }] of reads.entries())
      expect(atMs - startedMs).toBeGreaterThanOrEqual(turn * 980);
    expect(JSON.stringify(daemon.log.all)).not.toMatch(/s3same|0pen/);
  });

  it('is read in turn', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    keeper(world);
    const ids = ['conf-a', 'conf-b', 'conf-c', 'conf-d'];
    world.write('a.yaml', {
      ...Object.fromEntries(ids.map((id) => [id, { mute: true }])),
      'conf-s': { mute: true, suspend: true },
    });
    const daemon = world.watch(...soon, '--rate', '20');
    await settled(daemon);
    const from = world.api.calls.all.length;
    const reads = await world.api.calls.count('three rounds', 12, from);
    for (const round of [0, 4, 8])
      expect(
        reads
          .slice(round, round + 4)
          .map(shown)
          .sort(),
      ).toEqual(ids.map((id) => `GET ${id}`));
  });

  it('is not looked for where it is ignored', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    keeper(world);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    const daemon = world.watch('--drift', 'ignore', ...soon);
    await settled(daemon);
    world.write('a.yaml', { 'conf-a': {} });
    await world.api.calls.count('the reset, after 2 s of quiet', 2);
    expect(arrivals(world, 0)).toEqual(['POST conf-a', 'POST conf-a']);
  });

  it('is healed, and given up after three calls, until it is declared otherwise', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const api = keeper(world);
    world.write('a.yaml', { 'conf-a': { mute: true } });
    // Somebody sets it back as soon as they see it.
    world.api.answer((arrival) => {
      const reply = api.answer(arrival);
      if (arrival.method === 'POST') api.change('conf-a', { mute: false });
      return reply;
    });
    const daemon = world.watch('--drift', 'heal', ...soon);
    const contested = await next(daemon, 'contested');
    expect(contested).toMatchObject({
      level: 'error',
      conference: 'conf-a',
      at: 'desired/a.yaml:2:3',
      drift: [{ setting: 'mute', declared: true, applied: true, live: false, at: 'desired/a.yaml:3:11' }],
    });
    expect(logged(daemon, 'healed')).toHaveLength(3);
    const posts = (): readonly unknown[] => world.api.bodies('conf-a').filter((body) => body !== undefined);
    await nextRead(world, 'conf-a');
    await nextRead(world, 'conf-a');
    expect(posts()).toEqual(Array(4).fill({ mute: true }));
    expect(logged(daemon, 'contested')).toHaveLength(1);

    world.api.answer(api.answer);
    world.write('a.yaml', { 'conf-a': { mute: true, tag: 'ours' } });
    const call = await world.api.calls.next(
      'the next call',
      ({ body }) => isSettings(body) && body['tag'] === 'ours',
    );
    expect(call.body).toEqual({ mute: true, tag: 'ours' });
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
  });

  it('of a conference that ended by itself is none, and it is never called again', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const api = keeper(world);
    world.write('a.yaml', { 'conf-a': { mute: true }, 'conf-b': { mute: true } });
    const daemon = world.watch('--drift', 'heal', ...soon);
    await settled(daemon);
    api.unset('conf-a');
    api.ended.add('conf-a');
    expect(await next(daemon, 'ended')).toMatchObject({ conference: 'conf-a', at: 'desired/a.yaml:2:3' });
    const from = world.api.calls.all.length;
    await nextRead(world, 'conf-b');
    await nextRead(world, 'conf-b');
    expect(arrivals(world, from).filter((call) => call.includes('conf-a'))).toEqual([]);
    daemon.kill('SIGTERM');
    await daemon.ended;

    const then = world.api.calls.all.length;
    const again = world.watch('--drift', 'heal', ...soon);
    await nextRead(world, 'conf-b');
    await nextRead(world, 'conf-b');
    expect(arrivals(world, then).filter((call) => call.includes('conf-a'))).toEqual([]);
    expect([...logged(daemon, 'ended'), ...logged(again, 'ended')]).toHaveLength(1);
    expect([...logged(daemon, 'drift'), ...logged(again, 'drift')]).toEqual([]);
  });

  it('waits: a fresh change goes first, however many are to be read', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    keeper(world);
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`conf-${index}`, { tag: 'x' }]),
    );
    world.write('a.yaml', many);
    const daemon = world.watch('--rate', 'unlimited', '--drift', 'ignore');
    await settled(daemon);
    daemon.kill('SIGTERM');
    await daemon.ended;

    const from = world.api.calls.all.length;
    const slow = world.watch('--rate', '1', ...soon);
    await world.api.calls.count('some reads', 3, from);
    const logs = slow.log.all.length;
    world.write('b.yaml', { 'conf-new': { mute: true } });
    await slow.log.next('the plan', ({ event, calls }) => event === 'plan' && calls === 1, logs);
    const before = world.api.calls.all.length;
    const call = await world.api.calls.next('the change', ({ method }) => method === 'POST', from);
    // One read may have been on its way when the plan was made, and one may have had its turn.
    expect(world.api.calls.all.indexOf(call) - before).toBeLessThanOrEqual(2);
    slow.kill('SIGTERM');
    expect((await slow.ended).code).toBe(0);
  });
});
