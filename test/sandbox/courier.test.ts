import { describe, expect, it } from 'vitest';
import * as O from 'fp-ts/lib/Option.js';
import { defaultAssumptions } from '../../src/catapult/assumptions.js';
import { makeCourier, maximumWaiting } from '../../src/sandbox/courier.js';
import type { SandboxEvent } from '../../src/sandbox/sandbox.js';
import { clientOf, type Delivery, deadPort, receiver, sandboxWith } from './loopback.js';

const isFailure = ({ _tag }: SandboxEvent): boolean => _tag === 'CallbackFailed';
const isDelivery = ({ _tag }: SandboxEvent): boolean => _tag === 'CallbackDelivered';

const parse = ({ body }: Delivery): unknown => JSON.parse(body);

describe('a callback by POST', () => {
  it('is JSON with the headers of the platform', async () => {
    const hooks = await receiver();
    const { create, url } = clientOf(await sandboxWith());
    const path = await create({ callbackUrl: `${hooks.url}/events?room=7`, tag: 'all-hands' });
    const [delivery] = await hooks.received(1);
    expect(delivery).toMatchObject({
      method: 'POST',
      url: '/events?room=7',
      headers: { 'content-type': 'application/json; charset=utf-8' },
    });
    expect(delivery?.headers['user-agent']).toMatch(/^BandwidthAPI\/v1 \(.+\)$/);
    expect(delivery === undefined ? undefined : parse(delivery)).toMatchObject({
      eventType: 'conference',
      status: 'created',
      conferenceUri: `${url}${path}`,
      tag: 'all-hands',
    });
  });

  it('takes user and password from the URL, and reports neither', async () => {
    const hooks = await receiver();
    const sandbox = await sandboxWith();
    const callbackUrl = hooks.url.replace('http://', 'http://me:pa%20ss@');
    await clientOf(sandbox).create({ callbackUrl });
    const [delivery] = await hooks.received(1);
    expect(delivery?.headers.authorization).toBe(`Basic ${Buffer.from('me:pa ss').toString('base64')}`);
    await sandbox.reported(isDelivery);
    expect(JSON.stringify(sandbox.reports)).not.toContain('pa%20ss');
  });

  it('is reported with the status it got', async () => {
    const hooks = await receiver(() => 204);
    const sandbox = await sandboxWith();
    const path = await clientOf(sandbox).create({ callbackUrl: hooks.url });
    expect(await sandbox.reported(isDelivery)).toEqual({
      _tag: 'CallbackDelivered',
      conference: path.split('/').at(-1),
      eventType: 'conference',
      url: hooks.url,
      status: 204,
    });
  });
});

describe('a callback by GET', () => {
  it('has the fields as query parameters, after those of the URL', async () => {
    const hooks = await receiver();
    const { create, post } = clientOf(await sandboxWith());
    const path = await create({
      callbackUrl: `${hooks.url}/events?room=7`,
      callbackHttpMethod: 'get',
      tag: 'a&b',
    });
    await post(`${path}/members`, { callId: 'c-1', hold: 'true' });
    const [, joined] = await hooks.received(2);
    expect(joined).toMatchObject({ method: 'GET', body: '' });
    expect(joined?.headers['content-type']).toBeUndefined();
    const query = new URL(joined?.url ?? '', hooks.url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      room: '7',
      eventType: 'conference-member',
      activeMembers: '1',
      callId: 'c-1',
      hold: 'true',
      mute: 'false',
      tag: 'a&b',
    });
  });
});

describe('fallbackUrl', () => {
  it.each([404, 500, 302])('is used when callbackUrl answers %i', async (status) => {
    const hooks = await receiver(() => status);
    const fallback = await receiver();
    await clientOf(await sandboxWith()).create({ callbackUrl: hooks.url, fallbackUrl: fallback.url });
    expect((await fallback.received(1)).map(parse)).toMatchObject([{ eventType: 'conference' }]);
    expect(await hooks.received(1)).toHaveLength(1);
  });

  it('is used when callbackUrl does not answer within callbackTimeout', async () => {
    const hooks = await receiver(() => undefined);
    const fallback = await receiver();
    const sandbox = await sandboxWith();
    const urls = { callbackUrl: hooks.url, fallbackUrl: fallback.url };
    await clientOf(sandbox).create({ ...urls, callbackTimeout: '50' });
    await fallback.received(1);
    expect(await sandbox.reported(isFailure)).toMatchObject({
      url: hooks.url,
      problem: 'no answer within 50 ms',
    });
  });

  it('is used when nobody listens at callbackUrl', async () => {
    const fallback = await receiver();
    const sandbox = await sandboxWith();
    const callbackUrl = `http://127.0.0.1:${await deadPort()}`;
    await clientOf(sandbox).create({ callbackUrl, fallbackUrl: fallback.url });
    await fallback.received(1);
    const refused: unknown = expect.stringContaining('ECONNREFUSED');
    expect(await sandbox.reported(isFailure)).toMatchObject({ problem: refused });
  });

  it('is left alone when callbackUrl answers 2xx', async () => {
    const hooks = await receiver(() => 202);
    const fallback = await receiver();
    const sandbox = await sandboxWith();
    const { create, post } = clientOf(sandbox);
    const path = await create({ callbackUrl: hooks.url, fallbackUrl: fallback.url });
    await post(path, { state: 'completed' });
    await hooks.received(2);
    expect(await fallback.received(0)).toEqual([]);
  });
});

describe('deliveries', () => {
  it('of one conference wait for each other, however slow the application is', async () => {
    const hooks = await receiver(({ body }) => (body.includes('"created"') ? undefined : 200));
    const sandbox = await sandboxWith();
    const { create, post } = clientOf(sandbox);
    const path = await create({ callbackUrl: hooks.url, callbackTimeout: 200 });
    await post(path, { state: 'completed', callbackTimeout: 10_000 });
    await sandbox.reported(isDelivery);
    const callbacks = sandbox.reports.filter((event) => isFailure(event) || isDelivery(event));
    expect(callbacks.map(({ _tag }) => _tag)).toEqual(['CallbackFailed', 'CallbackDelivered']);
  });

  it('of one conference keep their order', async () => {
    const hooks = await receiver();
    const { create, post } = clientOf(await sandboxWith());
    const path = await create({ callbackUrl: hooks.url });
    for (const callId of ['c-1', 'c-2', 'c-3', 'c-4']) await post(`${path}/members`, { callId });
    await post(path, { state: 'completed' });
    const events = (await hooks.received(10)).map(parse);
    expect(events).toMatchObject([
      { eventType: 'conference', status: 'created' },
      ...[1, 2, 3, 4].map((activeMembers) => ({ activeMembers, state: 'active' })),
      ...[3, 2, 1, 0].map((activeMembers) => ({ activeMembers, state: 'completed' })),
      { eventType: 'conference', status: 'completed' },
    ]);
  });

  it('do not hold up an answer, nor another conference', async () => {
    const deaf = await receiver(() => undefined);
    const hooks = await receiver();
    const { create, post } = clientOf(await sandboxWith());
    const path = await create({ callbackUrl: deaf.url });
    await deaf.received(1);
    expect(await post(path, { state: 'completed' })).toMatchObject({ status: 200 });
    await create({ callbackUrl: hooks.url });
    expect(await hooks.received(1)).toHaveLength(1);
  });

  it('go where the conference said when it happened', async () => {
    const before = await receiver();
    const after = await receiver();
    const { create, post } = clientOf(await sandboxWith());
    const path = await create({ callbackUrl: before.url });
    await post(path, { callbackUrl: after.url, state: 'completed' });
    expect((await before.received(1)).map(parse)).toMatchObject([{ status: 'created' }]);
    expect((await after.received(1)).map(parse)).toMatchObject([{ status: 'completed' }]);
  });

  it('that cannot be made are reported, and the conference goes on', async () => {
    const sandbox = await sandboxWith();
    const { create, post, get } = clientOf(sandbox);
    const path = await create({ callbackUrl: 'http://user:%zz@127.0.0.1/' });
    expect(await sandbox.reported(isFailure)).toMatchObject({ url: 'http://user:***@127.0.0.1/' });
    await post(path, { mute: true });
    expect(await get(path)).toMatchObject({ status: 200, json: { mute: true } });
  });

  it('stop when the sandbox stops', async () => {
    const deaf = await receiver(() => undefined);
    const sandbox = await sandboxWith();
    await clientOf(sandbox).create({ callbackUrl: deaf.url, fallbackUrl: deaf.url });
    await deaf.received(1);
    await sandbox.close();
    await sandbox.reported((event) => event._tag === 'CallbackFailed' && event.problem === 'stopped');
    expect(await deaf.received(1)).toHaveLength(1);
  });

  it('beyond what may wait are dropped and reported', () => {
    const reports: SandboxEvent[] = [];
    const courier = makeCourier(defaultAssumptions, (event) => reports.push(event));
    const target = {
      url: 'http://127.0.0.1:9/',
      fallbackUrl: O.none,
      method: 'POST',
      timeoutMs: 100,
    } as const;
    const callback = { conferenceId: 'conf-1', target, event: { eventType: 'conference' } };
    courier.submit(Array.from({ length: maximumWaiting + 2 }, () => callback));
    courier.close();
    expect(reports).toMatchObject([{ problem: 'too many callbacks are waiting' }]);
  });
});
