/**
 * What an API, a proxy or an attacker in its place may answer: every call ends in time, in one of the known
 * failures or as executed, with evidence that is fit to be shown.
 */
import type * as net from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/catapult/answer.js';
import { classify, type Answer } from '../../src/catapult/classify.js';
import { longestBodyBytes } from '../../src/catapult/exchange.js';
import { parseLive } from '../../src/catapult/live.js';
import { longestResetMs } from '../../src/catapult/rate-limit.js';
import { makeScrub } from '../../src/catapult/scrub.js';
import { ConferenceId } from '../../src/conference/id.js';
import { clientOf, nowMs, secret, serveBytes, token } from '../catapult/loopback.js';
import { effort } from './effort.js';

type Tag = 'Executed' | Failure['_tag'];

/** The table of answers, as far as the status alone decides. */
const meanings = (status: number): readonly Tag[] => {
  if (status >= 200 && status <= 299) return ['Executed'];
  if (status === 401 || (status >= 300 && status <= 399)) return ['Denied'];
  if (status === 403) return ['Denied', 'Ended', 'Rejected', 'Limited', 'InDoubt'];
  if (status === 404) return ['Missing', 'Denied', 'InDoubt'];
  if (status === 409) return ['Conflict'];
  if (status === 429) return ['Limited'];
  return status >= 400 && status <= 499 ? ['Rejected'] : ['InDoubt'];
};

const tagOf = (result: E.Either<Failure, unknown>): Tag =>
  E.isRight(result) ? 'Executed' : result.left._tag;

const expectSound = (result: E.Either<Failure, unknown>): void => {
  if (E.isRight(result)) return;
  const { message, code } = result.left.evidence;
  for (const [text, limit] of [
    [message, 300],
    [O.getOrElse(() => 'x')(code), 100],
  ] as const) {
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(text).not.toContain(token);
    expect(text).not.toContain(secret);
  }
  if (result.left._tag !== 'Limited' || O.isNone(result.left.resetAtMs)) return;
  expect(result.left.resetAtMs.value).toBeGreaterThanOrEqual(nowMs - longestResetMs);
  expect(result.left.resetAtMs.value).toBeLessThanOrEqual(nowMs + longestResetMs);
};

const check = async <A>(
  arbitrary: fc.Arbitrary<A>,
  runs: number,
  holds: (input: A) => void | Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(arbitrary, async (input) => {
      await holds(input);
    }),
    {
      numRuns: effort(runs).numRuns,
      // A shrink that waits for a timeout again and again never ends.
      interruptAfterTimeLimit: effort(runs).timeoutMs / 2,
      markInterruptAsFailure: false,
    },
  );

const status = fc.oneof(
  fc.constantFrom(
    200,
    201,
    204,
    226,
    299,
    300,
    301,
    304,
    307,
    400,
    401,
    403,
    404,
    405,
    409,
    418,
    422,
    429,
    499,
  ),
  fc.constantFrom(500, 502, 503, 504, 599, 600, 999, 0, 1, 99, 100),
  fc.nat(1_100),
);

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    token,
    secret,
    `${token}\u200b${secret}`,
    'completed',
    'https://u:p@h',
    '\u001b[2J',
    '😀'.repeat(400),
  ),
  fc.string({ minLength: 0, maxLength: 20 }).map((piece) => piece.repeat(400)),
);

const errorBody = fc
  .record(
    {
      category: fc.oneof(fc.constantFrom('limit', 'forbidden', 'not-found', 'authorization'), fc.jsonValue()),
      code: fc.oneof(
        fc.constantFrom(
          'conference-error',
          'conference-not-found',
          'user-access-denied',
          'rate-limit-reached',
        ),
        anyText,
        fc.jsonValue(),
      ),
      message: fc.oneof(anyText, fc.jsonValue()),
      details: fc.oneof(
        fc.array(
          fc.record({
            name: fc.constantFrom('rateLimitResetTime', 'conferenceId', 'x'),
            value: fc.jsonValue(),
          }),
        ),
        fc.jsonValue(),
      ),
      state: fc.oneof(fc.constantFrom('active', 'completed', 'CREATED'), fc.jsonValue()),
      activeMembers: fc.jsonValue(),
      callbackUrl: fc.jsonValue(),
      mute: fc.jsonValue(),
      ['__proto__']: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body));

const body = fc.oneof(
  errorBody,
  fc.json(),
  anyText,
  errorBody.chain((text) => fc.nat(text.length).map((length) => text.slice(0, length))),
  fc.constantFrom(
    '['.repeat(100_000),
    `${'{"a":'.repeat(20_000)}1`,
    `"${'x'.repeat(70_000)}"`,
    '\uFEFF{"code":"x"}',
  ),
  fc.constantFrom('<html><title>x</title>', `<${'a'.repeat(5_000)}`, `<!${'<'.repeat(5_000)}`),
);

const resetHeader = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e400',
    'NaN',
    'Infinity',
    '1, 2',
    '99999999999999999999',
    '1700000000.5',
    'x',
  ),
  fc.constantFrom(
    '1700000001',
    '1700000001000',
    '١٧٠٠٠٠٠٠٠١',
    '0x10',
    '253402300799999',
    '17000000010000000',
  ),
  fc.nat().map(String),
);
const dateHeader = fc.oneof(
  fc.constantFrom('Tue, 14 Nov 2023 22:13:20 GMT', 'yesterday', '0', '-271821-04-20', '+275760-09-13'),
  anyText,
);

describe('the meaning of an answer', { timeout: effort(1).timeoutMs }, () => {
  const answer: fc.Arbitrary<Answer> = fc.record({
    status,
    rateLimitReset: fc.option(resetHeader).map(O.fromNullable),
    date: fc.option(dateHeader).map(O.fromNullable),
    location: fc
      .option(fc.oneof(anyText, fc.webUrl(), fc.constant(`https://${token}:${secret}@h/${secret}`)))
      .map(O.fromNullable),
    body: fc.option(body).map(O.fromNullable),
  });

  it('is one of the known, by the table, and shown as evidence may be', async () => {
    const scrub = makeScrub([token, secret]);
    await check(answer, 600, (given) => {
      const result = classify(given, nowMs, scrub);
      expectSound(result);
      expect(meanings(given.status)).toContain(tagOf(result));
    });
  });

  it('of a conference read is a state, or a few words', async () => {
    await check(body, 400, (text) => {
      const live = parseLive(text);
      if (E.isRight(live)) expect(['created', 'active', 'completed']).toContain(live.right.state);
      else expect(live.left).toMatch(/^the answer /);
    });
  });
});

/** What goes over the wire, piece by piece. */
interface Script {
  readonly interim: readonly string[];
  readonly version: string;
  readonly status: number;
  readonly headers: readonly string[];
  readonly pieces: readonly (string | Uint8Array)[];
  readonly end: 'close' | 'reset' | 'stay';
}

const header = fc.oneof(
  fc.constantFrom('Content-Length: 0', 'Content-Length: 5', 'Content-Length: 99999', 'Content-Length: -1'),
  fc.constantFrom(
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 0x5',
    'Transfer-Encoding: chunked',
  ),
  fc.constantFrom(
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: x',
    'Connection: close',
    'Trailer: x',
  ),
  fc.constantFrom(
    'Content-Encoding: gzip',
    'Content-Encoding: deflate',
    'Content-Encoding: br',
    'Content-Encoding: x',
  ),
  fc.constantFrom(
    'Content-Type: text/html; charset=utf-16',
    'Upgrade: h2c',
    'Set-Cookie: a=b',
    ': x',
    ' folded',
    'x',
  ),
  fc.constantFrom(
    `X: ${'x'.repeat(20_000)}`,
    `Date: ${'1'.repeat(100)}`,
    'Location: //[',
    'Location: http://u:p@h',
  ),
  resetHeader.map((value) => `X-RateLimit-Reset: ${value}`),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, '')),
);

const chunk = fc.string({ maxLength: 20 }).map((text) => `${text.length.toString(16)}\r\n${text}\r\n`);

const piece: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 50 }),
  chunk,
  fc.constantFrom(
    '0\r\n\r\n',
    'fffffffffffffffff\r\n',
    'zz\r\n',
    '-1\r\nx\r\n',
    '5;a="b"\r\nhello\r\n',
    '\r\n\r\n',
  ),
  errorBody,
  fc.constantFrom(
    '[[[[',
    '\xff\xfe',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'x'.repeat(longestBodyBytes + 1),
  ),
  fc.constant(gzipSync('{"code":"conference-not-found"}')),
);

const script: fc.Arbitrary<Script> = fc.record({
  interim: fc.array(
    fc.constantFrom(
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n',
      'HTTP/1.1 199 x\r\n\r\n',
    ),
    { maxLength: 3 },
  ),
  version: fc.constantFrom(
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.1',
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/2.0',
    'http/1.1',
    'ICY',
    '',
  ),
  // What follows 1xx is the answer; node-fetch takes 000 for 200, and shows nothing of it.
  status: status.filter((code) => code >= 200 || (code > 0 && code < 100)),
  headers: fc.array(header, { maxLength: 4 }),
  pieces: fc.array(piece, { maxLength: 4 }),
  end: fc.constantFrom('close', 'close', 'reset', 'stay'),
});

/** `once` would reject with the error that comes before it. */
const closeOf = (socket: net.Socket): Promise<unknown> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));

const perform = (
  socket: net.Socket,
  { interim, version, status: code, headers, pieces, end }: Script,
): void => {
  const head = [`${version} ${String(code).padStart(3, '0')} x`, ...headers, '', ''].join('\r\n');
  for (const part of [...interim, head, ...pieces])
    socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  if (end === 'close') socket.end();
  if (end === 'reset') setImmediate(() => socket.resetAndDestroy());
};

const idOf = (text: string): ConferenceId => {
  const id = ConferenceId.decode(text);
  if (E.isLeft(id)) throw new Error(`${text} is no id`);
  return id.right;
};
const id = idOf('conf-1');

describe('an answer on the wire', { timeout: effort(1).timeoutMs }, () => {
  const timeoutMs = 400;

  it('ends the call in time and in one of the known ways', async () => {
    await check(fc.tuple(script, fc.boolean()), 80, async ([given, isRead]) => {
      await using api = await serveBytes((socket) => {
        perform(socket, given);
      });
      using client = clientOf(api.endpoint, { timeoutMs });
      const startedAtMs = performance.now();
      const result: E.Either<Failure, unknown> = await (isRead
        ? client.read(id)()
        : client.update(id, { mute: true })());
      expect(performance.now() - startedAtMs).toBeLessThan(timeoutMs + 30_000);
      expectSound(result);
      // It was sent, so that nothing may claim that it was not; and no answer but one of 2xx is a success.
      expect(tagOf(result)).not.toBe('Unsent');
      if (tagOf(result) === 'Executed') expect(meanings(given.status)).toEqual(['Executed']);
      if (!isRead && tagOf(result) !== 'InDoubt') expect(meanings(given.status)).toContain(tagOf(result));
    });
  });

  it('that comes in small pieces is the same answer', async () => {
    const pieces = fc.tuple(
      fc.constantFrom(200, 400, 404, 429, 500),
      errorBody,
      fc.array(fc.nat(400), { maxLength: 12 }),
    );
    await check(pieces, 40, async ([code, text, cuts]) => {
      const bytes = Buffer.from(
        `HTTP/1.1 ${code} x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
      const places = [
        0,
        ...cuts.filter((cut) => cut < bytes.length).sort((left, right) => left - right),
        bytes.length,
      ];
      await using api = await serveBytes((socket) => {
        socket.setNoDelay(true);
        const send = (index: number): void => {
          const [from, to] = [places[index], places[index + 1]];
          if (from === undefined || to === undefined) return;
          socket.write(bytes.subarray(from, to), () => setImmediate(send, index + 1));
        };
        send(0);
      });
      using client = clientOf(api.endpoint);
      const expected = classify(
        { status: code, rateLimitReset: O.none, date: O.none, location: O.none, body: O.some(text) },
        nowMs,
        makeScrub([token, secret]),
      );
      expect(tagOf(await client.update(id, {})())).toBe(tagOf(expected));
    });
  });

  it('that was not asked for is taken for no other call', async () => {
    const forged = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    for (const late of [false, true]) {
      let asked = 0;
      await using api = await serveBytes((socket) => {
        const answer = (): void => {
          asked += 1;
          socket.write(`HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n${late ? '' : forged}`);
          if (late) setImmediate(() => socket.write(forged));
        };
        answer();
        socket.on('data', answer);
      });
      using client = clientOf(api.endpoint);
      expect(tagOf(await client.update(id, { mute: true })())).toBe('Rejected');
      if (late) await new Promise((resolve) => setImmediate(resolve));
      const second = tagOf(await client.update(id, { mute: false })());
      expect(second, `asked ${asked} times`).not.toBe('Executed');
    }
  });

  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  it.each([
    ['has no end', '', Buffer.alloc(16_384, 'x')],
    ['unfolds to gigabytes', 'Content-Encoding: gzip\r\n', bomb],
    ['does not unfold', 'Content-Encoding: deflate\r\n', bomb],
  ])('that %s costs little', async (_name, more, block) => {
    let written = 0;
    await using api = await serveBytes((socket) => {
      socket.write(`HTTP/1.1 500 x\r\n${more}Transfer-Encoding: chunked\r\n\r\n`);
      const write = (): void => {
        if (socket.destroyed) return;
        written += block.length;
        socket.write(`${block.length.toString(16)}\r\n`);
        socket.write(block);
        if (socket.write('\r\n')) setImmediate(write);
        else socket.once('drain', write);
      };
      write();
    });
    using client = clientOf(api.endpoint);
    const before = process.memoryUsage().rss;
    const result = await client.update(id, {})();
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect(result).toMatchObject({ left: { _tag: 'InDoubt', evidence: { status: O.some(500) } } });
    expectSound(result);
    await Promise.all(api.sockets.map(closeOf));
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });
});
