import { once } from 'node:events';
import * as https from 'node:https';
import type * as net from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../src/catapult/answer.js';
import type { CatapultConfig } from '../../src/catapult/client.js';
import type { Endpoint } from '../../src/catapult/endpoint.js';
import { longestBodyBytes } from '../../src/catapult/exchange.js';
import { ConferenceId } from '../../src/conference/id.js';
import type { Body } from '../../src/conference/settings.js';
import { makeCertificate, type Certificate } from '../support/certificate.js';
import { answerTable } from './answer-table.js';
import {
  clientOf,
  endpointOf,
  listen,
  makeGate,
  nowMs,
  secret,
  serveBytes,
  serveHttp,
  token,
} from './loopback.js';

const idOf = (text: string): ConferenceId => {
  const id = ConferenceId.decode(text);
  if (E.isLeft(id)) throw new Error(`${text} is no id`);
  return id.right;
};

const id = idOf('conf-1');
const pair = Buffer.from(`${token}:${secret}`).toString('base64');
const json = { 'Content-Type': 'application/json' };
const head = 'HTTP/1.1 200 OK\r\nContent-Length: ';

const update = async (
  endpoint: Endpoint,
  more: Partial<CatapultConfig> = {},
  body: Body = { mute: true },
): Promise<E.Either<Failure, number>> => {
  using client = clientOf(endpoint, more);
  return await client.update(id, body)();
};

const read = async (endpoint: Endpoint, more: Partial<CatapultConfig> = {}): Promise<unknown> => {
  using client = clientOf(endpoint, more);
  return await client.read(id)();
};

const tagOf = (result: E.Either<Failure, unknown>): string =>
  E.isRight(result) ? 'Executed' : result.left._tag;
const messageOf = (result: E.Either<Failure, unknown>): string =>
  E.isRight(result) ? '' : result.left.evidence.message;

describe('a request', () => {
  it('of an update is a POST with exactly the body', async () => {
    await using api = await serveHttp((response) => response.writeHead(200).end());
    const body: Body = { state: 'completed', callbackTimeout: 2000, tag: 'ü "quoted"' };
    expect(await update(api.endpoint, {}, body)).toEqual(E.right(200));
    expect(api.received).toMatchObject([
      {
        method: 'POST',
        url: '/v1/users/u-1/conferences/conf-1',
        body: JSON.stringify(body),
        headers: {
          authorization: `Basic ${pair}`,
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'holdfast/test',
        },
      },
    ]);
  });

  it('of a read is a GET without a body, below the base path, with its parts encoded', async () => {
    await using api = await serveHttp((response) =>
      response.writeHead(200).end('{"state":"active","mute":"true"}'),
    );
    expect(await read(endpointOf(`${api.endpoint}/base`), { userId: 'u/1 ?' })).toEqual(
      E.right({ state: 'active', activeMembers: O.none, settings: { mute: true } }),
    );
    expect(api.received).toMatchObject([
      { method: 'GET', url: '/base/v1/users/u%2F1%20%3F/conferences/conf-1', body: '' },
    ]);
    expect(api.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('is made when the task runs, and again each time', async () => {
    await using api = await serveHttp((response) => response.writeHead(200).end());
    using client = clientOf(api.endpoint);
    const task = client.update(id, {});
    expect(api.received).toHaveLength(0);
    await task();
    await task();
    expect(api.received.map(({ body }) => body)).toEqual(['{}', '{}']);
  });
});

describe('an answer over HTTP', () => {
  it('means the same as without', async () => {
    let row = answerTable[0];
    await using api = await serveHttp((response) => {
      const location = row?.location === undefined ? {} : { Location: row.location };
      response.writeHead(row?.status ?? 500, { ...json, ...location }).end(row?.body);
    });
    using client = clientOf(api.endpoint);
    const found: unknown[] = [];
    for (row of answerTable) {
      const result = await client.update(id, { mute: true })();
      found.push([row.name, tagOf(result), row.message === undefined ? undefined : messageOf(result)]);
      expect(messageOf(result)).not.toContain('hunter2');
    }
    expect(found).toEqual(answerTable.map(({ name, means, message }) => [name, means, message]));
    expect(api.sockets).toHaveLength(1);
  });

  it('carries the end of the limit in its header', async () => {
    await using api = await serveHttp((response) =>
      response.writeHead(429, { 'X-RateLimit-Reset': String(nowMs + 700) }).end(),
    );
    expect(await update(api.endpoint)).toMatchObject({
      left: { _tag: 'Limited', resetAtMs: O.some(nowMs + 700) },
    });
  });

  it.each([
    ['', 'HTTP 200, but the answer is not a JSON object'],
    ['<html></html>', 'HTTP 200, but the answer is not a JSON object'],
    ['{"state":"active"', 'HTTP 200, but the answer is not a JSON object'],
    ['{"state":"asleep"}', "HTTP 200, but the answer has an unknown state, 'asleep'"],
  ])('to a GET that is %j is a doubt', async (body, message) => {
    await using api = await serveHttp((response) => response.writeHead(200).end(body));
    expect(await read(api.endpoint)).toEqual(
      E.left({ _tag: 'InDoubt', evidence: { status: O.some(200), code: O.none, message } }),
    );
  });

  it('to a GET that fails means what it means for an update', async () => {
    await using api = await serveHttp((response) =>
      response.writeHead(404).end('{"code":"conference-not-found"}'),
    );
    expect(await read(api.endpoint)).toMatchObject({ left: { _tag: 'Missing' } });
  });

  it('that echoes the credentials does not bring them into the evidence', async () => {
    const echo = [token, secret, pair, `Basic ${pair}`, `https://${token}:${secret}@api.example/`].join(' ');
    const body = JSON.stringify({ code: token, message: echo, state: echo });
    let status = 200;
    await using api = await serveHttp((response) =>
      response
        .writeHead(status, { Location: `https://${token}:${secret}@x.example/${secret}?${token}` })
        .end(body),
    );
    using client = clientOf(api.endpoint);
    for (status of [200, 301, 400, 401, 403, 404, 409, 429, 500]) {
      const shown = JSON.stringify(await client.read(id)());
      expect(shown).toContain('***');
      for (const word of [token, secret, pair.replace(/=+$/, '')]) expect(shown).not.toContain(word);
    }
  });

  it('that echoes the request does not bring a password into the evidence, however it is written', async () => {
    const password = 'Hunter2%40+Zq7~x';
    const url = `https://user:${password}@hooks.example/x`;
    const word = encodeURIComponent(password);
    const echoes: readonly ((sent: string) => string)[] = [
      (sent) => sent,
      (sent) => JSON.stringify({ message: sent }),
      (sent) => JSON.stringify({ message: sent.replaceAll('/', '\\/') }),
      (sent) => JSON.stringify({ code: password, message: encodeURIComponent(sent) }),
      (sent) => `<html><body>${sent.replaceAll('/', '&#x2F;').replaceAll('"', '&quot;')}</body></html>`,
      () => `<title>${decodeURIComponent(password)}</title>`,
      (sent) => JSON.stringify({ message: JSON.stringify(sent) }),
    ];
    let echo = echoes[0];
    await using api = await serveHttp((response, { body }) => response.writeHead(400).end(echo?.(body)));
    for (echo of echoes) {
      const shown = JSON.stringify(await update(api.endpoint, {}, { callbackUrl: url })).toLowerCase();
      for (const hidden of [password, word, decodeURIComponent(password)])
        expect(shown).not.toContain(hidden.toLowerCase());
    }
  });

  it('with a code in capitals that is a credential does not show it in small letters', async () => {
    const credentials = { token: 'T-CANARY-TOKEN', secret: 'S-CANARY"<\\SECRET' };
    const body = JSON.stringify({ code: credentials.token, message: JSON.stringify(credentials.secret) });
    await using api = await serveHttp((response) => response.writeHead(400).end(`[${body}]`));
    await using other = await serveHttp((response) => response.writeHead(400).end(body));
    for (const { endpoint } of [api, other])
      expect(JSON.stringify(await update(endpoint, { credentials }))).not.toMatch(/canary/i);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%d to the same host is not followed either', async (status) => {
    await using api = await serveHttp((response) => response.writeHead(status, { Location: '/there' }).end());
    expect(tagOf(await update(api.endpoint))).toBe('Denied');
    expect(tagOf(await update(api.endpoint, {}, {}))).toBe('Denied');
    using client = clientOf(api.endpoint);
    expect(tagOf(await client.read(id)())).toBe('Denied');
    expect(api.received.map(({ url }) => url)).toEqual(Array(3).fill('/v1/users/u-1/conferences/conf-1'));
  });

  it.each([301, 302, 303, 308])('%d to another host is not followed', async (status) => {
    await using target = await serveHttp((response) => response.writeHead(200).end());
    await using api = await serveHttp((response) =>
      response.writeHead(status, { Location: `${target.endpoint}/there` }).end(),
    );
    expect(tagOf(await update(api.endpoint))).toBe('Denied');
    expect(target.sockets).toHaveLength(0);
  });

  it('is not followed, and its target sees nothing of us', async () => {
    await using target = await serveHttp((response) => response.writeHead(200).end());
    await using api = await serveHttp((response) =>
      response.writeHead(307, { Location: `${target.endpoint}/there` }).end(),
    );
    const result = await update(api.endpoint);
    expect(tagOf(result)).toBe('Denied');
    expect(messageOf(result)).toContain(`HTTP 307 to ${target.endpoint}/there`);
    expect(target.sockets).toHaveLength(0);
  });
});

describe('a broken connection', () => {
  it('that is refused: never sent', async () => {
    const gone = await serveBytes(() => undefined);
    await gone[Symbol.asyncDispose]();
    const result = await update(gone.endpoint);
    expect(tagOf(result)).toBe('Unsent');
    expect(messageOf(result)).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  });

  it('to a name that does not exist: never sent', async () => {
    const result = await update(endpointOf('https://api.invalid'));
    expect(tagOf(result)).toBe('Unsent');
    expect(messageOf(result)).toBe('getaddrinfo ENOTFOUND api.invalid');
  });

  const chunked = 'HTTP/1.1 STATUS\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"code":\r\n';
  const reset = (socket: net.Socket): unknown => socket.resetAndDestroy();
  const end = (socket: net.Socket): unknown => socket.end();

  it.each([
    ['reset before the answer', '', reset, 'InDoubt'],
    ['closed before the answer', '', end, 'InDoubt'],
    ['closed within the head', 'HTTP/1.1 200 OK\r\nConte', end, 'InDoubt'],
    ['no HTTP at all', 'SSH-2.0-x\r\n', end, 'InDoubt'],
    ['200, reset within the body', chunked.replace('STATUS', '200 OK'), reset, 'Executed'],
    ['200, closed within the body', chunked.replace('STATUS', '200 OK'), end, 'Executed'],
    ['200, compressed rubbish', `${head}4\r\nContent-Encoding: gzip\r\n\r\nrubb`, end, 'Executed'],
    ['400, closed within the body', chunked.replace('STATUS', '400 Bad'), end, 'Rejected'],
    ['403, closed within the body', chunked.replace('STATUS', '403 No'), end, 'InDoubt'],
    ['404, reset within the body', chunked.replace('STATUS', '404 No'), reset, 'InDoubt'],
    ['429, closed within the body', chunked.replace('STATUS', '429 Slow'), end, 'Limited'],
  ])('%s', async (_name, bytes, finish, means) => {
    await using api = await serveBytes((socket) => {
      socket.write(bytes, () => finish(socket));
    });
    expect(tagOf(await update(api.endpoint))).toBe(means);
  });

  it('with a body shorter than its length: known well before the timeout', async () => {
    const meaningOf = async (status: string): Promise<string> => {
      await using api = await serveBytes((socket) => {
        socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 99\r\n\r\n{"code":`);
      });
      return tagOf(await update(api.endpoint, { timeoutMs: 60_000 }));
    };
    const found = await Promise.all(['200 OK', '400 Bad', '403 No'].map(meaningOf));
    expect(found).toEqual(['Executed', 'Rejected', 'InDoubt']);
  });

  it('within the answer to a GET: a doubt', async () => {
    await using api = await serveBytes((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"state"\r\n');
    });
    expect(await read(api.endpoint)).toMatchObject({
      left: { _tag: 'InDoubt', evidence: { message: 'HTTP 200, but the answer broke off' } },
    });
  });
});

describe.concurrent('the timeout', () => {
  // Long enough for the head of an answer to arrive.
  const amplyMs = 2_000;

  it.each([
    ['nothing', '', 100, 'InDoubt', 'no answer within 100 ms'],
    ['half a head', 'HTTP/1.1 200 OK\r\nConte', 100, 'InDoubt', 'no answer within 100 ms'],
    ['a success without the end of its body', `${head}9\r\n\r\n{`, amplyMs, 'Executed', ''],
    [
      'an upgrade',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      100,
      'InDoubt',
      'no answer within 100 ms',
    ],
  ])('ends a call that got %s, and its socket', async (_name, bytes, timeoutMs, means, message) => {
    const closed = makeGate<undefined>();
    await using api = await serveBytes((socket) => {
      socket.on('close', () => {
        closed.open(undefined);
      });
      socket.write(bytes);
    });
    using client = clientOf(api.endpoint, { timeoutMs });
    const result = await client.update(id, {})();
    expect([tagOf(result), messageOf(result)]).toEqual([means, message]);
    await closed.opened;
  });

  it.each([
    ['head', 'HTTP/1.1 200 OK\r\nX-Slow: ', 150, 'InDoubt'],
    ['body', `${head}99999\r\n\r\n`, amplyMs, 'Executed'],
  ])('ends a call whose %s comes in drips', async (_part, start, timeoutMs, means) => {
    await using api = await serveBytes((socket) => {
      socket.write(start);
      const drip = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => {
        clearInterval(drip);
      });
    });
    expect(tagOf(await update(api.endpoint, { timeoutMs }))).toBe(means);
  });

  it('counts for a call that waits for a socket as well', async () => {
    await using api = await serveBytes(() => undefined);
    using client = clientOf(api.endpoint, { timeoutMs: 100, maxSockets: 1 });
    const results = await Promise.all([client.update(id, {})(), client.update(id, {})()]);
    expect(results.map(tagOf)).toEqual(['InDoubt', 'InDoubt']);
  });
});

describe('a huge body', () => {
  it.each([
    [200, 'Executed'],
    [400, 'Rejected'],
  ])('of a %d is not read to its end', async (status, means) => {
    const closed = makeGate<undefined>();
    await using api = await serveHttp((response) => {
      response.on('close', () => {
        closed.open(undefined);
      });
      response.writeHead(status);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(longestBodyBytes)));
        response.once('drain', more);
      };
      more();
    });
    using client = clientOf(api.endpoint);
    const result = await client.update(id, {})();
    expect(tagOf(result)).toBe(means);
    expect(messageOf(result).length).toBeLessThanOrEqual(300);
    await closed.opened;
  });
});

describe('connections', () => {
  it('are kept from call to call, errors included', async () => {
    let status = 200;
    await using api = await serveHttp((response) =>
      response.writeHead(status, json).end('{"state":"active"}'),
    );
    using client = clientOf(api.endpoint);
    for (status of [200, 404, 500, 429, 200, 401, 204]) {
      await client.update(id, { mute: true })();
      await client.read(id)();
    }
    expect(api.received).toHaveLength(14);
    expect(api.sockets).toHaveLength(1);
  });

  it('are no more than allowed', async () => {
    await using api = await serveHttp((response) => response.writeHead(200).end());
    using client = clientOf(api.endpoint, { maxSockets: 2 });
    const calls = Array.from({ length: 10 }, () => client.update(id, {})());
    expect((await Promise.all(calls)).map(tagOf)).toEqual(Array.from({ length: 10 }, () => 'Executed'));
    expect(api.sockets.length).toBeLessThanOrEqual(2);
  });

  it('are closed with the client, and a call under way ends in doubt', async () => {
    const asked = makeGate<net.Socket>();
    await using api = await serveBytes((socket) => {
      asked.open(socket);
    });
    using client = clientOf(api.endpoint);
    const call = client.update(id, {})();
    const socket = await asked.opened;
    client.close();
    const result = await call;
    expect([tagOf(result), messageOf(result)]).toEqual([
      'InDoubt',
      'the client was closed before the answer came',
    ]);
    if (!socket.destroyed) await once(socket, 'close');
  });

  it('are not made after the client is closed', async () => {
    await using api = await serveHttp((response) => response.writeHead(200).end());
    using client = clientOf(api.endpoint);
    const task = client.update(id, {});
    client.close();
    expect(await task()).toMatchObject({
      left: { _tag: 'Unsent', evidence: { message: 'the client is closed' } },
    });
    expect(api.sockets).toHaveLength(0);
  });

  it('leave no warning about too many listeners behind', async () => {
    const warnings: unknown[] = [];
    const keep = (warning: Error): unknown => warnings.push(warning.message);
    process.on('warning', keep);
    await using api = await serveHttp((response) => response.writeHead(200).end());
    using client = clientOf(api.endpoint);
    for (let call = 0; call < 50; call += 1) await client.update(id, {})();
    process.off('warning', keep);
    expect(warnings).toEqual([]);
  });
});

describe('TLS', () => {
  const longAgo = new Date('2001-01-01T00:00:00Z');
  const authority = makeCertificate({ commonName: 'Authority nobody knows', isAuthority: true });
  const hosts = ['127.0.0.1', 'localhost'];
  const certificates: readonly (readonly [string, Certificate, RegExp])[] = [
    ['is self-signed', makeCertificate({ commonName: 'localhost', hosts }), /DEPTH_ZERO_SELF_SIGNED_CERT/],
    [
      'has expired',
      makeCertificate({
        commonName: 'localhost',
        hosts,
        notBefore: longAgo,
        notAfter: new Date('2002-01-01T00:00:00Z'),
      }),
      /CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT/,
    ],
    [
      'is not valid yet',
      makeCertificate({
        commonName: 'localhost',
        hosts,
        notBefore: new Date('2999-01-01T00:00:00Z'),
        notAfter: new Date('3000-01-01T00:00:00Z'),
      }),
      /CERT_NOT_YET_VALID|DEPTH_ZERO_SELF_SIGNED_CERT/,
    ],
    [
      'is of an unknown issuer',
      makeCertificate({ commonName: 'localhost', hosts, issuer: authority }),
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/,
    ],
  ];
  const environments = [
    ['as usual', undefined],
    ['even when the environment asks not to verify', '0'],
  ] as const;
  const rows = certificates.flatMap((row) => environments.map((more) => [...row, ...more] as const));

  it.each(rows)(
    'refuses a certificate that %s and sends nothing (%s %s)',
    async (_name, one, why, _when, asked) => {
      if (asked !== undefined) vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', asked);
      const heard: unknown[] = [];
      const server = https.createServer({ key: one.key, cert: one.cert }, (_request, response) => {
        response.end();
      });
      server.on('secureConnection', (socket) => socket.on('data', (bytes: unknown) => heard.push(bytes)));
      server.on('request', ({ headers }) => heard.push(headers));
      await using api = await listen(server, 'https');
      const result = await update(api.endpoint);
      vi.unstubAllEnvs();
      expect(tagOf(result)).toBe('Unsent');
      expect(messageOf(result)).toMatch(why);
      expect(api.sockets).toHaveLength(1);
      expect(heard).toEqual([]);
    },
  );

  it('with a server that speaks plain HTTP: never sent', async () => {
    await using api = await serveHttp((response) => response.writeHead(200).end());
    const result = await update(endpointOf(api.endpoint.replace('http:', 'https:')));
    expect(tagOf(result)).toBe('Unsent');
    expect(api.received).toHaveLength(0);
  });

  it('with a server that hangs up during the handshake: never sent', async () => {
    await using api = await serveBytes((socket) => {
      socket.end();
    });
    expect(tagOf(await update(endpointOf(api.endpoint.replace('http:', 'https:'))))).toBe('Unsent');
  });
});
