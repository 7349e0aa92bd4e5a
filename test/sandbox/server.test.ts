import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import { defaultAssumptions } from '../../src/catapult/assumptions.js';
import { ConferenceId } from '../../src/conference/id.js';
import { parseFaults } from '../../src/sandbox/fault.js';
import { startSandbox } from '../../src/sandbox/server.js';
import { authorization, clientOf, receiver, sandboxWith, send } from './loopback.js';

const faults = (text: string) => {
  const parsed = parseFaults(text);
  if (E.isLeft(parsed)) throw new Error(text);
  return parsed.right;
};

const idOf = (text: string): ConferenceId => {
  const id = ConferenceId.decode(text);
  if (E.isLeft(id)) throw new Error(text);
  return id.right;
};

describe('the endpoints', () => {
  it('are the nine of the API', async () => {
    const { get, post, create } = clientOf(await sandboxWith());
    const conference = await create();
    expect(await post(conference, { mute: true })).toMatchObject({ status: 200, text: '' });
    expect(await get(conference)).toMatchObject({ status: 200, json: { mute: true } });
    expect(await post(`${conference}/audio`, { sentence: 'hello' })).toMatchObject({ status: 200, text: '' });
    const added = await post(`${conference}/members`, { callId: 'c-1' });
    expect(added).toMatchObject({ status: 201, text: '' });
    const member = `${conference}/members/${added.headers.location?.split('/').at(-1) ?? ''}`;
    expect(await post(member, { hold: true })).toMatchObject({ status: 200, text: '' });
    expect(await get(member)).toMatchObject({ status: 200, json: { hold: true } });
    expect(await get(`${conference}/members`)).toMatchObject({ status: 200, json: [{ hold: true }] });
    expect(await post(`${member}/audio`, { fileUrl: '' })).toMatchObject({ status: 200, text: '' });
  });

  it('answer 200 and 201 with an empty body and an absolute Location', async () => {
    const sandbox = await sandboxWith();
    const created = await clientOf(sandbox).post('/conferences', { from: '+19703255647' });
    expect(created).toMatchObject({ status: 201, text: '', headers: { 'content-length': '0' } });
    expect(created.headers.location).toMatch(
      new RegExp(`^${sandbox.endpoint}/v1/users/u-1/conferences/conf-[a-z2-7]{23}$`),
    );
    expect(created.headers['content-type']).toBeUndefined();
  });

  it.each([
    ['GET', '/'],
    ['GET', '/v1/users/u-1/conferences'],
    ['DELETE', '/v1/users/u-1/conferences/conf-1'],
    ['PUT', '/v1/users/u-1/conferences/conf-1'],
    ['GET', '/v1/users/u-1/calls'],
    ['POST', '/v2/users/u-1/conferences/conf-1'],
    ['GET', '/v1/users/u-1/conferences/conf-1/members/m/other'],
  ])('do not include %s %s', async (method, path) => {
    const { endpoint } = await sandboxWith();
    const answer = await send(`${endpoint}${path}`, { method, headers: { authorization } });
    expect(answer).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/json' },
      json: {
        category: 'not-found',
        code: 'resource-not-found',
        message: 'The requested resource could not be found.',
      },
    });
  });

  it('page members when asked to, as one SDK does until a page is empty', async () => {
    const { get, post, create } = clientOf(await sandboxWith());
    const conference = await create();
    for (const callId of ['c-1', 'c-2', 'c-3']) await post(`${conference}/members`, { callId });
    const idsOf = async (query: string) => (await get(`${conference}/members${query}`)).json;
    expect(await idsOf('')).toHaveLength(3);
    expect(await idsOf('?page=0')).toHaveLength(3);
    expect(await idsOf('?page=1&size=2')).toHaveLength(1);
    expect(await idsOf('?page=1')).toEqual([]);
  });

  it('refuse a body that is too large', async () => {
    const { post, create } = clientOf(await sandboxWith());
    const conference = await create();
    expect(await post(conference, { tag: 'a'.repeat(1024 * 1024) })).toMatchObject({ status: 413 });
    expect(await post(conference, { tag: 'a'.repeat(1000 * 1024) })).toMatchObject({ status: 200 });
  });

  it('execute nothing of a request that breaks off', async () => {
    const sandbox = await sandboxWith();
    sandbox.ensure('u-1', idOf('conf-1'), {});
    const { url, get } = clientOf(sandbox);
    const target = new URL(`${url}/conferences/conf-1`);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(target.port), target.hostname, () => {
        const head = `POST ${target.pathname} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n`;
        socket.write(`${head}Content-Length: 50\r\n\r\n{"mute":true}`, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await get('/conferences/conf-1')).json).not.toHaveProperty('mute');
    expect(sandbox.reports).toHaveLength(1);
  });

  it('keep different users apart', async () => {
    const sandbox = await sandboxWith();
    const path = await clientOf(sandbox, 'u-1').create();
    expect(await clientOf(sandbox, 'u-1').get(path)).toMatchObject({ status: 200 });
    expect(await clientOf(sandbox, 'u-2').get(path)).toMatchObject({ status: 404 });
  });
});

describe('credentials', () => {
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  it.each([
    ['none', undefined],
    ['another scheme', 'Bearer token'],
    ['nothing after Basic', 'Basic '],
    ['no colon', basic('token')],
    ['an empty token', basic(':secret')],
    ['an empty secret', basic('token:')],
    ['no base64', 'Basic !!!'],
  ])('are missing with %s', async (_name, header) => {
    const { endpoint } = await sandboxWith();
    const answer = await send(`${endpoint}/v1/users/u-1/conferences/conf-1`, {
      headers: header === undefined ? {} : { authorization: header },
    });
    expect(answer).toMatchObject({ status: 401, json: { category: 'authentication' } });
    expect(answer.headers['www-authenticate']).toBe('Basic realm="Catapult"');
  });

  it.each(['t:s', 't-token:secret:with:colons', 'a:ü'])('may be anything, as %s', async (pair) => {
    const { endpoint } = await sandboxWith();
    const url = `${endpoint}/v1/users/u-1/conferences/conf-1`;
    expect(await send(url, { headers: { authorization: basic(pair) } })).toMatchObject({ status: 404 });
  });
});

describe('the rate limit', () => {
  it('refuses, names the moment, and executes nothing', async () => {
    let nowMs = 5000;
    const sandbox = await sandboxWith({ rate: 1, now: () => nowMs });
    sandbox.ensure('u-1', idOf('conf-1'), {});
    const { get, post } = clientOf(sandbox);
    expect(await post('/conferences/conf-1', { mute: true })).toMatchObject({ status: 200 });
    nowMs = 5999;
    const refused = await post('/conferences/conf-1', { mute: false });
    expect(refused).toMatchObject({ status: 429, headers: { 'x-ratelimit-reset': '6000' } });
    expect(refused.json).toMatchObject({ category: 'too-many-requests', code: 'rate-limit-reached' });
    expect(refused.json).not.toHaveProperty('message');
    nowMs = 6000;
    expect(await get('/conferences/conf-1')).toMatchObject({ status: 200, json: { mute: true } });
  });

  it('counts a call without credentials, or to no endpoint, for nobody', async () => {
    const sandbox = await sandboxWith({ rate: 1, now: () => 5000 });
    const { url, get } = clientOf(sandbox);
    await send(`${url}/conferences/conf-1`);
    await get('/calls');
    expect(await get('/conferences/conf-1')).toMatchObject({ status: 404 });
    expect(await get('/calls')).toMatchObject({ status: 404 });
    expect(await get('/conferences/conf-1')).toMatchObject({ status: 429 });
    expect(await clientOf(sandbox, 'u-2').get('/conferences/conf-1')).toMatchObject({ status: 404 });
  });
});

describe('faults', () => {
  it.each([
    [400, 'validation-error'],
    [401, 'authentication-error'],
    [403, 'user-access-denied'],
    [404, 'conference-not-found'],
    [409, 'conference-update-conflict'],
    [429, 'rate-limit-reached'],
    [500, 'backend-protocol-support-failure'],
    [503, 'internal-error'],
  ])('may be %i, without executing', async (status, code) => {
    const id = idOf('conf-1');
    const sandbox = await sandboxWith({ faults: faults(`${status}:1`) });
    sandbox.ensure('u-1', id, {});
    const answer = await clientOf(sandbox).post('/conferences/conf-1', { state: 'completed' });
    expect(answer).toMatchObject({ status, json: { code } });
  });

  it('may be a status for a share of the calls, the same ones for the same seed', async () => {
    const statuses = async (seed: number): Promise<readonly number[]> => {
      const { get } = clientOf(await sandboxWith({ faults: faults('503:0.5'), seed }));
      const answers: number[] = [];
      for (let call = 0; call < 24; call += 1) answers.push((await get('/conferences/x')).status);
      return answers;
    };
    const first = await statuses(42);
    expect(new Set(first)).toEqual(new Set([404, 503]));
    expect(await statuses(42)).toEqual(first);
    expect(await statuses(43)).not.toEqual(first);
  });

  // A fault strikes the first call only, so that the second one can look.
  const seedThatStrikesFirst = 8;
  const half = (name: string) => ({ faults: faults(`${name}:0.5`), seed: seedThatStrikesFirst });

  it.each([
    ['reset', undefined],
    ['lost', true],
  ])('may be %s', async (name, mute) => {
    const sandbox = await sandboxWith(half(name));
    sandbox.ensure('u-1', idOf('conf-1'), {});
    const { get, post } = clientOf(sandbox);
    await expect(post('/conferences/conf-1', { mute: true })).rejects.toMatchObject({ code: 'ECONNRESET' });
    const seen = await get('/conferences/conf-1');
    expect(seen.status).toBe(200);
    expect(seen.json).toEqual(
      mute ? expect.objectContaining({ mute }) : expect.not.objectContaining({ mute: true }),
    );
    expect(sandbox.reports[0]).toMatchObject({ _tag: 'Unanswered', fault: name });
  });

  it('may be silence, until the client gives up', async () => {
    const client = new AbortController();
    const now = (): number => {
      setTimeout(() => client.abort(), 100);
      return 5000;
    };
    const sandbox = await sandboxWith({ ...half('timeout'), now });
    sandbox.ensure('u-1', idOf('conf-1'), {});
    const { get, url } = clientOf(sandbox);
    const gaveUp = send(`${url}/conferences/conf-1`, {
      method: 'POST',
      headers: { authorization },
      body: '{"mute":true}',
      signal: client.signal,
    });
    await expect(gaveUp).rejects.toMatchObject({ name: 'AbortError' });
    expect(await sandbox.reported(({ _tag }) => _tag === 'Unanswered')).toMatchObject({ fault: 'timeout' });
    expect((await get('/conferences/conf-1')).json).not.toHaveProperty('mute');
  });

  it('may be silence, until the sandbox stops', async () => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const now = (): number => {
      arrive();
      return 5000;
    };
    const sandbox = await sandboxWith({ faults: faults('timeout:1'), now });
    const waiting = clientOf(sandbox).get('/conferences/conf-1');
    const ended = expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
    await arrived;
    await sandbox.close();
    await ended;
  });
});

describe('latency', () => {
  it('delays the answer, and not the execution', async () => {
    const hooks = await receiver();
    const sandbox = await sandboxWith({ latencyMs: 2_000 });
    sandbox.ensure('u-1', idOf('conf-1'), { callbackUrl: hooks.url });
    let answered = false;
    const beforeMs = performance.now();
    const completing = clientOf(sandbox).post('/conferences/conf-1', { state: 'completed' });
    const settled = completing.then(() => (answered = true));
    await hooks.received(1);
    expect(answered).toBe(false);
    await settled;
    expect(performance.now() - beforeMs).toBeGreaterThanOrEqual(1_990);
  });
});

describe('ensure', () => {
  it('creates a conference under the id it is given, with settings', async () => {
    const sandbox = await sandboxWith();
    const settings = { mute: true, tag: 'all', callbackUrl: 'http://127.0.0.1:9/x', callbackTimeout: 2000 };
    sandbox.ensure('u-1', idOf('Board.room'), settings);
    expect((await clientOf(sandbox).get('/conferences/Board.room')).json).toMatchObject({
      id: 'Board.room',
      state: 'created',
      ...settings,
    });
  });

  it('leaves a conference alone that exists', async () => {
    const sandbox = await sandboxWith();
    sandbox.ensure('u-1', idOf('conf-1'), { tag: 'first' });
    sandbox.ensure('u-1', idOf('conf-1'), { tag: 'second', state: 'completed' });
    expect((await clientOf(sandbox).get('/conferences/conf-1')).json).toMatchObject({
      state: 'created',
      tag: 'first',
    });
  });

  it('makes one that has ended, and leaves out what the API would refuse', async () => {
    const sandbox = await sandboxWith();
    sandbox.ensure('u-1', idOf('conf-1'), { state: 'completed', callbackTimeout: 99_999, tag: 'last' });
    const { json } = await clientOf(sandbox).get('/conferences/conf-1');
    expect(json).toMatchObject({ state: 'completed', tag: 'last' });
    expect(json).not.toHaveProperty('callbackTimeout');
  });
});

describe('starting and stopping', () => {
  const config = {
    rate: 'unlimited',
    latencyMs: 0,
    faults: [],
    seed: 1,
    assumptions: defaultAssumptions,
    now: Date.now,
    report: () => undefined,
  } as const;

  it('says that a port is in use', async () => {
    const { port } = await sandboxWith();
    expect(await startSandbox({ ...config, port })()).toEqual(E.left({ _tag: 'PortInUse', port }));
  });

  it('says that it cannot listen', async () => {
    expect(await startSandbox({ ...config, port: 70_000 })()).toMatchObject(E.left({ _tag: 'CannotListen' }));
  });

  it('starts nothing before it is run', async () => {
    const { port, close } = await sandboxWith();
    const again = startSandbox({ ...config, port });
    await close();
    const started = await again();
    expect(started).toMatchObject(E.right({ port }));
    if (E.isRight(started)) await started.right.close();
  });

  it('may be stopped twice, and answers nobody then', async () => {
    const sandbox = await sandboxWith();
    await sandbox.close();
    await sandbox.close();
    await expect(clientOf(sandbox).get('/conferences/conf-1')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  it('gives the same ids for the same seed', async () => {
    const idsOf = async (seed: number) => {
      const { create } = clientOf(await sandboxWith({ seed }));
      return [await create(), await create()];
    };
    const ids = await idsOf(7);
    expect(new Set(ids).size).toBe(2);
    expect(await idsOf(7)).toEqual(ids);
    expect(await idsOf(8)).not.toEqual(ids);
  });

  it('reports what it served', async () => {
    const sandbox = await sandboxWith();
    await clientOf(sandbox).get('/conferences/conf-1');
    expect(sandbox.reports).toMatchObject([
      { _tag: 'Served', method: 'GET', path: '/v1/users/u-1/conferences/conf-1', status: 404 },
    ]);
  });
});
