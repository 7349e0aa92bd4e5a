/** The API tells what happens to a conference, and somebody else may claim to be the API. */
import http from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { describe } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import type { HoldfastProcess } from '../support/holdfast-process.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';
import type { SandboxProcess } from '../support/sandbox-process.js';
import type { ApiRequest, Reply } from '../support/scripted-api.js';
import { eventually } from './feed.js';
import { manifest, type SettingsText } from './manifests.js';

const secret = 'a-secret-of-the-tests-0123456789';
const eventsPath = `/events/${secret}`;
const env = { HOLDFAST_EVENTS_SECRET: `an-older-secret-of-them,${secret}` };
/** Less than the 15 s after which a daemon looks by itself. */
const promptMs = 12_000;

interface Daemon extends HoldfastProcess {
  readonly base: string;
}

const watch = async ({ start }: Bench, endpoint: string, ...flags: readonly string[]): Promise<Daemon> => {
  const rate = flags.includes('--rate') ? [] : ['--rate', 'unlimited'];
  const args = ['watch', 'desired', '--endpoint', endpoint, '--listen', '127.0.0.1:0', ...rate, ...flags];
  const daemon = start(args, env);
  const { listen } = await daemon.event((event) => typeof event['listen'] === 'string');
  return { ...daemon, base: String(listen) };
};

const declare = ({ write }: Bench, conferences: Readonly<Record<string, SettingsText>>): void =>
  write('desired/a.yaml', manifest(conferences));

/** On a connection of its own, or on those of an agent. */
const send = (
  daemon: Daemon,
  method: string,
  path: string,
  body = '',
  agent: http.Agent | false = false,
): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const headers = method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {};
    const request = http.request(daemon.base + path, { method, agent, headers }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    request.on('error', reject);
    request.end(body);
  });

const endOf = (conferenceId: string): string =>
  JSON.stringify({ eventType: 'conference', conferenceId, status: 'completed' });
const memberOf = (conferenceId: string): string =>
  JSON.stringify({ eventType: 'conference-member', conferenceId, state: 'completed', activeMembers: 0 });

const standing = async (daemon: Daemon, id: string): Promise<Json | undefined> =>
  recordsAt(parseRecord((await send(daemon, 'GET', '/status')).text), 'conferences').find(
    ({ conference }) => conference === id,
  );

/** `holdfast_events_total` by result. */
const counted = async (daemon: Daemon): Promise<Json> =>
  Object.fromEntries(
    [
      ...(await send(daemon, 'GET', '/metrics')).text.matchAll(
        /^holdfast_events_total\{result="(\w+)"\} (\d+)$/gm,
      ),
    ].map(([, result = '', number]) => [result, Number(number)]),
  );

const join = async ({ request }: SandboxProcess, id: string): Promise<string> => {
  const { headers } = await request('POST', `/conferences/${id}/members`, { callId: 'c-1' });
  return headers.get('location')?.split('/').at(-1) ?? '';
};
const leave = ({ request }: SandboxProcess, id: string, member: string) =>
  request('POST', `/conferences/${id}/members/${member}`, { state: 'completed' });

const found = (conference: string, activeMembers = 1): Reply => ({
  status: 200,
  json: { id: conference, state: 'active', activeMembers },
});
const shown = ({ method, conference }: ApiRequest): string => `${method} ${conference}`;

describe.concurrent('the sandbox tells a daemon', () => {
  it.for(['POST', 'GET'])(
    'by %s that a conference has ended: no call goes to it any more',
    async (callbackHttpMethod, { bench, expect }) => {
      const sandbox = await bench.sandbox(['--rate', 'unlimited']);
      const [id, other] = [await sandbox.createConference(), await sandbox.createConference()];
      declare(bench, { [other]: { mute: true } });
      const daemon = await watch(bench, sandbox.endpoint);
      const hooks = { callbackUrl: `${daemon.base}${eventsPath}`, callbackHttpMethod };
      declare(bench, { [id]: { ...hooks, mute: true }, [other]: { mute: true } });
      await daemon.event(({ event, conference }) => event === 'call' && conference === id);

      await leave(sandbox, id, await join(sandbox, id));
      expect((await sandbox.getConference(id))['state']).toBe('completed');
      const leftMs = Date.now();
      await eventually('the end is known', async () =>
        (await standing(daemon, id))?.['completed'] === true ? true : undefined,
      );
      expect(Date.now() - leftMs).toBeLessThan(promptMs);
      expect(await counted(daemon)).toEqual({ taken: 3 });

      const from = daemon.events().length;
      declare(bench, { [id]: { ...hooks, mute: false }, [other]: { mute: false } });
      const blocked = await daemon.event(({ event }) => event === 'blocked', from);
      expect(blocked).toMatchObject({ conference: id });
      await daemon.event(({ event, conference }) => event === 'call' && conference === other, from);
      const calls = daemon.events().filter(({ event }) => event === 'call');
      expect(calls.map(({ conference }) => conference).sort()).toEqual([id, other, other].sort());
    },
  );

  it('that somebody has left: what waited for that goes out', async ({ bench, expect }) => {
    const sandbox = await bench.sandbox(['--rate', 'unlimited']);
    const id = await sandbox.createConference();
    const member = await join(sandbox, id);
    await join(sandbox, id);
    declare(bench, { [id]: { mute: true } });
    const daemon = await watch(bench, sandbox.endpoint, '--max-audience', '1');
    declare(bench, { [id]: { callbackUrl: `${daemon.base}${eventsPath}`, mute: true } });
    await daemon.event((event) => event['event'] === 'call' && JSON.stringify(event).includes('/events/***'));
    declare(bench, { [id]: { state: 'completed' } });
    await daemon.event(({ event }) => event === 'refused');
    const leftMs = Date.now();
    await leave(sandbox, id, member);
    await eventually('the end', async () =>
      (await sandbox.getConference(id))['state'] === 'completed' ? true : undefined,
    );
    expect(Date.now() - leftMs).toBeLessThan(promptMs);
  });
});

describe.concurrent('an event', () => {
  it('of the last one who leaves completes what is declared whenEmpty', async ({ bench, expect }) => {
    let people = 1;
    const api = await bench.api(({ method, conference }) =>
      method === 'GET' ? found(conference, people) : { status: 200 },
    );
    declare(bench, { 'conf-1': { state: 'completed', whenEmpty: true } });
    const daemon = await watch(bench, api.endpoint, '--rate', '1');
    await daemon.event(({ event, conference }) => event === 'waiting' && conference === 'conf-1');
    // Whoever says so is not believed.
    expect(await send(daemon, 'POST', eventsPath, memberOf('conf-1'))).toEqual({ status: 204, text: '' });
    await api.received(2);
    people = 0;
    const leftMs = Date.now();
    await send(daemon, 'POST', eventsPath, memberOf('conf-1'));
    await eventually('the end', async () => api.bodies('conf-1')[0]);
    expect(Date.now() - leftMs).toBeLessThan(promptMs);
    expect(api.bodies('conf-1')).toEqual([{ state: 'completed' }]);
    // On a machine that is busy a look may come twice.
    const looks = api.requests.slice(0, -1).map(shown);
    expect(looks.length).toBeGreaterThanOrEqual(3);
    expect(new Set(looks)).toEqual(new Set(['GET conf-1']));
  });

  it('of an end that was none holds calls back only until a GET has decided', async ({ bench, expect }) => {
    let decide: (reply: Reply) => void = () => undefined;
    const decided = new Promise<Reply>((resolve) => {
      decide = resolve;
    });
    const api = await bench.api(({ method, conference }) =>
      method === 'GET' && conference === 'conf-1' ? decided : { status: 200 },
    );
    declare(bench, { 'conf-1': { tag: 'a' } });
    const daemon = await watch(bench, api.endpoint);
    await daemon.event(({ event }) => event === 'settled');
    expect((await send(daemon, 'POST', eventsPath, endOf('conf-1'))).status).toBe(204);
    await api.received(2);
    expect(api.requests.map(shown)).toEqual(['POST conf-1', 'GET conf-1']);
    declare(bench, { 'conf-1': { tag: 'a', mute: true }, 'conf-2': { tag: 'b' } });
    await eventually('the other one', async () => api.bodies('conf-2')[0]);
    expect(api.bodies('conf-1')).toHaveLength(1);
    decide(found('conf-1'));
    await eventually('what was held back', async () => api.bodies('conf-1')[1]);
    expect(api.bodies('conf-1')).toEqual([{ tag: 'a' }, { mute: true }]);
    expect((await standing(daemon, 'conf-1'))?.['completed']).toBe(false);
  });

  it('that is wrong, huge, malformed or of nobody changes nothing', async ({ bench, expect }) => {
    const api = await bench.api(({ method, conference }) =>
      method === 'GET' ? found(conference) : { status: 200 },
    );
    declare(bench, { 'conf-1': { tag: 'a' } });
    const daemon = await watch(bench, api.endpoint);
    expect(daemon.stderr()).toContain('/events/…');
    await daemon.event(({ event }) => event === 'settled');
    const before = await standing(daemon, 'conf-1');
    const huge = endOf('conf-1').replace('{', `{${' '.repeat(1_000_000)}`);
    const deep = endOf('conf-1').replace('{', `{"x":${'['.repeat(30_000)}${']'.repeat(30_000)},`);
    const query = '?eventType=conference&status=completed';
    const cases: readonly (readonly [number, string, string, string?])[] = [
      [404, 'POST', `${eventsPath}x`, endOf('conf-1')],
      [404, 'POST', '/events/0123456789abcdef', huge],
      [404, 'POST', '/events', endOf('conf-1')],
      [404, 'GET', `/events/0123456789abcdef${query}&conferenceId=conf-1`],
      [413, 'POST', eventsPath, huge],
      [400, 'POST', eventsPath, endOf('conf-1').slice(0, -1)],
      [400, 'POST', eventsPath, '['.repeat(60_000)],
      [400, 'POST', eventsPath, endOf('../conf-1')],
      [400, 'POST', eventsPath],
      [400, 'GET', eventsPath],
      [400, 'GET', `${eventsPath}${query}`],
      // They are events, but of conferences that nobody declares.
      [204, 'GET', `${eventsPath}${query}&conferenceId=conf-2`],
      [204, 'POST', eventsPath, memberOf('conf-2')],
      [204, 'POST', eventsPath, endOf('__proto__').replace('__proto__', 'constructor')],
    ];
    for (const [status, method, path, body] of cases)
      expect((await send(daemon, method, path, body)).status, `${method} ${path}`).toBe(status);
    expect(await counted(daemon)).toEqual({ forged: 3, too_large: 1, malformed: 6, taken: 3 });
    // What is declared later is sent, and nothing else was.
    declare(bench, { 'conf-1': { tag: 'a' }, 'conf-3': { tag: 'b' } });
    await eventually('the sentinel', async () => api.bodies('conf-3')[0]);
    expect(api.requests.map(shown)).toEqual(['POST conf-1', 'POST conf-3']);
    expect(await standing(daemon, 'conf-1')).toEqual(before);
    // Deep below what is read of an event there may be anything.
    expect((await send(daemon, 'POST', eventsPath, deep)).status).toBe(204);
    await eventually('the look', async () => api.requests.find(({ method }) => method === 'GET'));
  });

  it('in thousands costs no more calls than the budget has, and delays nobody', async ({ bench, expect }) => {
    const api = await bench.api(({ method, conference }) =>
      method === 'GET' ? found(conference) : { status: 200 },
    );
    declare(bench, { 'conf-1': { tag: 'a' } });
    const daemon = await watch(bench, api.endpoint, '--rate', '5');
    await daemon.event(({ event }) => event === 'settled');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    const bodies = [endOf('conf-1'), memberOf('conf-1'), memberOf('conf-1').replace('-member', '-speak')];
    const beganMs = Date.now();
    const flood = Promise.all(
      Array.from({ length: 2_000 }, async (_, at) => {
        const { status } = await send(daemon, 'POST', eventsPath, bodies[at % bodies.length], agent);
        return status;
      }),
    );
    await api.received(2);
    declare(bench, { 'conf-1': { tag: 'a' }, 'conf-2': { mute: true } });
    const savedMs = Date.now();
    await eventually('the other one', async () => api.bodies('conf-2')[0]);
    expect(Date.now() - savedMs).toBeLessThan(60_000);
    expect(new Set(await flood)).toEqual(new Set([204]));
    agent.destroy();
    expect(await counted(daemon)).toEqual({ taken: 2_000 });
    // The look after the last of them.
    const reads = () => api.requests.filter(({ method }) => method === 'GET').length;
    expect(reads()).toBeLessThanOrEqual(((Date.now() - beganMs) / 1000) * 5 + 2);
    expect((await send(daemon, 'GET', '/readyz')).status).toBe(200);
  });
});

describe.concurrent('without HOLDFAST_EVENTS_SECRET', () => {
  it('no events are taken; with it and without --listen that is told', async ({ bench, expect }) => {
    const api = await bench.api();
    declare(bench, { 'conf-1': { tag: 'a' } });
    const args = ['watch', 'desired', '--endpoint', api.endpoint, '--rate', 'unlimited'];
    const deaf = bench.start([...args, '--listen', '127.0.0.1:0']);
    const { listen } = await deaf.event((event) => typeof event['listen'] === 'string');
    const daemon = { ...deaf, base: String(listen) };
    await daemon.event(({ event }) => event === 'settled');
    for (const path of [eventsPath, '/events/', '/events/undefined'])
      expect((await send(daemon, 'POST', path, endOf('conf-1'))).status).toBe(404);
    expect(await counted(daemon)).toEqual({});
    expect(daemon.stderr()).not.toContain('/events');
    daemon.signal('SIGTERM');
    await daemon.ended;
    const unheard = bench.start(args, env);
    await unheard.printed('HOLDFAST_EVENTS_SECRET is set, but no events are taken without --listen');
  });
});
