/** Over real connections, because what matters is what a server does with bodies it does not want. */
import { once } from 'node:events';
import { connect } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/reconcile/endpoints.js';
import type { EventHint } from '../../src/reconcile/event-hint.js';
import type { EventResult } from '../../src/reconcile/event-intake.js';
import { send } from './over-http.js';

const secret = '0123456789abcdef-_';
const next = 'another-secret-for-rotation';
const path = `/events/${secret}`;
const ended = JSON.stringify({ eventType: 'conference', status: 'completed', conferenceId: 'conf-1' });
const member = { eventType: 'conference-member', conferenceId: 'conf-2', tag: 'a&b=c é' };

interface Served extends Listening {
  readonly heard: EventHint[];
  readonly counted: EventResult[];
}

const listening: Listening[] = [];

afterEach(async () => {
  for (const one of listening.splice(0)) await one.close();
});

const serve = async (secrets: readonly string[] = [secret, next]): Promise<Served> => {
  const heard: EventHint[] = [];
  const counted: EventResult[] = [];
  const started = await listen('127.0.0.1', 0, {
    readiness: () => ({ ready: true, reasons: [] }),
    metrics: async () => ({ text: '', contentType: 'text/plain' }),
    status: () => Promise.resolve(['{}']),
    events:
      secrets.length === 0
        ? O.none
        : O.some({ secrets, hear: (hint) => heard.push(hint), count: (result) => counted.push(result) }),
    hooks: O.none,
  })();
  if (E.isLeft(started)) throw new Error(started.left);
  listening.push(started.right);
  return { ...started.right, heard, counted };
};

const withLength = (body: string): Readonly<Record<string, number>> => ({
  'content-length': Buffer.byteLength(body),
});

describe('an event', () => {
  it('by POST is taken: 204, and nothing in the body', async () => {
    const served = await serve();
    expect(await send(served, 'POST', path, [ended], withLength(ended))).toEqual({ status: 204, text: '' });
    expect(served.heard).toEqual([{ _tag: 'Ended', conference: 'conf-1' }]);
    expect(served.counted).toEqual(['taken']);
  });

  it('in chunks, and by GET, as well', async () => {
    const served = await serve();
    expect(await send(served, 'POST', path, ended.split(/(?<=,)/))).toMatchObject({ status: 204 });
    const query = new URLSearchParams(member).toString();
    expect(await send(served, 'GET', `${path}?${query}`)).toMatchObject({ status: 204 });
    expect(served.heard.map(({ _tag }) => _tag)).toEqual(['Ended', 'Audience']);
  });

  it('is taken at any of the secrets, also percent-encoded', async () => {
    const served = await serve();
    const encoded = `/events/${Array.from(secret, (sign) => `%${sign.charCodeAt(0).toString(16)}`).join('')}`;
    for (const target of [path, `/events/${next}`, encoded])
      expect(await send(served, 'POST', target, [ended]), target).toMatchObject({ status: 204 });
  });

  it('that is none is 400, and nobody hears of it', async () => {
    const served = await serve();
    const bodies = [
      '',
      '{',
      '[]',
      '{"a":1}',
      '['.repeat(60_000),
      Uint8Array.from([0xff, 0xfe, 0]),
      'x'.repeat(65_536),
    ];
    for (const body of bodies) expect((await send(served, 'POST', path, [body])).status).toBe(400);
    for (const query of ['', '?', '?eventType=conference', '?conferenceId=%00&eventType=x', '?%zz'])
      expect((await send(served, 'GET', path + query)).status, query).toBe(400);
    expect(served.heard).toEqual([]);
    expect(new Set(served.counted)).toEqual(new Set(['malformed']));
  });
});

describe('a body of more than 64 KiB', () => {
  const padded = (bytes: number): string => ended.replace('{', `{${' '.repeat(bytes - ended.length)}`);

  it('is 413 and changes nothing, whether its length is announced or not', async () => {
    const served = await serve();
    for (const bytes of [65_537, 1_000_000]) {
      const body = padded(bytes);
      expect(await send(served, 'POST', path, [body], withLength(body))).toMatchObject({ status: 413 });
      expect(await send(served, 'POST', path, [body.slice(0, 9), body.slice(9)])).toMatchObject({
        status: 413,
      });
    }
    expect(served.heard).toEqual([]);
    expect(served.counted).toEqual(['too_large', 'too_large', 'too_large', 'too_large']);
  });

  it('is one byte more than what is taken', async () => {
    const served = await serve();
    const body = padded(65_536);
    expect(await send(served, 'POST', path, [body], withLength(body))).toMatchObject({ status: 204 });
    expect(await send(served, 'POST', path, [body.slice(0, 9), body.slice(9)])).toMatchObject({
      status: 204,
    });
  });

  it('is answered before it has arrived', async () => {
    const served = await serve();
    const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 1000000000\r\n\r\n{`);
    const answer = await new Promise((resolve) => socket.on('data', resolve));
    expect(String(answer)).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
  });
});

describe('a body that breaks off', () => {
  it.each(['content-length: 100', 'transfer-encoding: chunked'])('is no event (%s)', async (header) => {
    const served = await serve();
    const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nhost: h\r\n${header}\r\n\r\n5\r\n{"a":`);
    await once(socket, 'ready');
    // The server reads in order: after this answer it has begun to read the other request.
    await send(served, 'GET', '/healthz');
    socket.destroy();
    await expect.poll(() => served.counted, { timeout: 5_000 }).toEqual(['malformed']);
    expect(served.heard).toEqual([]);
  });
});

describe('without the secret', () => {
  const wrong = [
    '/events',
    '/events/',
    '/events/x',
    `/events/${secret}x`,
    `/events/${secret.slice(0, -1)}`,
    `/events/${secret.toUpperCase()}`,
    `/events/${secret}/`,
    `/events/${secret}/x`,
    `/events/${secret},${next}`,
    `/events/%2e%2e`,
    `/Events/${secret}`,
    `/events?secret=${secret}`,
  ];

  it.each(wrong)('%s is like any path that does not exist', async (target) => {
    const served = await serve();
    for (const [method, chunks] of [
      ['POST', [ended]],
      ['POST', ['x'.repeat(1_000_000)]],
      ['GET', []],
      ['PUT', [ended]],
    ] as const) {
      const unknown = await send(served, method, '/nothing-here', chunks);
      expect(await send(served, method, target, chunks)).toEqual(unknown);
      expect(unknown.status).toBe(404);
    }
    expect(served.heard).toEqual([]);
    expect(served.counted.filter((result) => result !== 'forged')).toEqual([]);
  });

  it('is counted', async () => {
    const served = await serve();
    await send(served, 'POST', '/events/0123456789abcdef', [ended]);
    expect(served.counted).toEqual(['forged']);
  });

  it('configured, no path below /events exists', async () => {
    const served = await serve([]);
    for (const target of [path, '/events/', '/events/undefined'])
      expect(await send(served, 'POST', target, [ended]), target).toMatchObject({ status: 404 });
  });
});
