/**
 * Over real connections, with what the senders document. The three vectors were not made here: they stand in the
 * documentation of GitHub, in Standard Webhooks, and in RFC 4231.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/reconcile/endpoints.js';
import type { HookResult } from '../../src/reconcile/hook-intake.js';
import { send } from './over-http.js';

const secret = 'a-secret-of-the-tests';
const next = 'another-secret-for-rotation';
const signingToken = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const nowMs = 1_614_265_330_000;
const seconds = nowMs / 1000;

interface Served extends Listening {
  readonly counted: HookResult[];
  readonly fetches: () => number;
  readonly passTime: (ms: number) => void;
}

const listening: Listening[] = [];

afterEach(async () => {
  for (const one of listening.splice(0)) await one.close();
});

const serve = async (
  secrets: readonly string[] = [secret, next, signingToken],
  branch: O.Option<string> = O.some('main'),
): Promise<Served> => {
  const counted: HookResult[] = [];
  let fetches = 0;
  let passedMs = 0;
  const started = await listen('127.0.0.1', 0, {
    readiness: () => ({ ready: true, reasons: [] }),
    metrics: async () => ({ text: '', contentType: 'text/plain' }),
    status: () => Promise.resolve(['{}']),
    events: O.none,
    hooks:
      secrets.length === 0
        ? O.none
        : O.some({
            secrets,
            branch: () => branch,
            fetch: () => void (fetches += 1),
            count: (result) => counted.push(result),
            now: () => nowMs + passedMs,
          }),
  })();
  if (E.isLeft(started)) throw new Error(started.left);
  listening.push(started.right);
  return {
    ...started.right,
    counted,
    fetches: () => fetches,
    passTime: (ms) => {
      passedMs += ms;
    },
  };
};

type Headers = Readonly<Record<string, string>>;

const post = (served: Served, body: string | Uint8Array, headers: Headers) =>
  send(served, 'POST', '/hooks/git', [body], headers);

const hex = (text: string | Uint8Array, key: string | Uint8Array = secret): string =>
  createHmac('sha256', key).update(text).digest('hex');

const push = (branch = 'main', after = '1'): string =>
  JSON.stringify({ ref: `refs/heads/${branch}`, before: '0'.repeat(40), after: after.repeat(40) });

const gitHub = (body: string, more: Headers = {}): Headers => ({
  'content-type': 'application/json',
  'X-GitHub-Event': 'push',
  'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'X-Hub-Signature-256': `sha256=${hex(body)}`,
  ...more,
});
const gitea = (body: string, name: string): Headers => ({
  [`X-${name}-Event`]: 'push',
  [`X-${name}-Signature`]: hex(body),
});
const gitLab = (more: Headers = {}): Headers => ({
  'X-Gitlab-Event': 'Push Hook',
  'X-Gitlab-Token': secret,
  ...more,
});
const standard = (body: string, id = 'msg_1', at = seconds, key = signingToken): Headers => ({
  'X-Gitlab-Event': 'Push Hook',
  'webhook-id': id,
  'webhook-timestamp': String(at),
  'webhook-signature': `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
    .update(`${id}.${at}.${body}`)
    .digest('base64')}`,
});
const generic = (body: string, at: number | string = seconds, key = secret): Headers => ({
  'X-Holdfast-Timestamp': String(at),
  'X-Holdfast-Signature': `sha256=${hex(`${at}.${body}`, key)}`,
});

const form = (payload: string): string => new URLSearchParams({ payload }).toString();
const formType: Headers = { 'content-type': 'application/x-www-form-urlencoded' };
const capital = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replace(/[0-9a-f]{64}/, (text) => text.toUpperCase()),
    ]),
  );

describe('what the senders document', () => {
  it.each<readonly [string, string, string, Headers]>([
    [
      'GitHub',
      "It's a Secret to Everybody",
      'Hello, World!',
      {
        'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      },
    ],
    [
      'Standard Webhooks, and so GitLab',
      signingToken,
      '{"test": 2432232314}',
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
    ],
    [
      'RFC 4231, and so Gitea',
      'Jefe',
      'what do ya want for nothing?',
      { 'X-Gitea-Signature': '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843' },
    ],
  ])('%s', async (_sender, key, body, headers) => {
    const served = await serve([key]);
    expect((await post(served, `${body} `, headers)).status).toBe(401);
    expect((await post(served, body, headers)).status).toBe(202);
    expect(served.counted).toEqual(['forged', 'taken']);
    expect(served.fetches()).toBe(1);
  });
});

describe('a push to the branch that is watched', () => {
  const body = push();
  it.each<readonly [string, string, Headers]>([
    ['GitHub', body, gitHub(body)],
    ['GitHub, as a form', form(body), gitHub(form(body), formType)],
    ['Gitea', body, gitea(body, 'Gitea')],
    ['Forgejo', body, gitea(body, 'Forgejo')],
    ['Forgejo, in every way', body, { ...gitHub(body), ...gitea(body, 'Gitea'), ...gitea(body, 'Forgejo') }],
    ['GitLab, by a token', body, gitLab()],
    ['GitLab, by the other secret', body, gitLab({ 'X-Gitlab-Token': next })],
    ['GitLab, signed', body, standard(body)],
    [
      'GitLab, signed while its token is replaced',
      body,
      {
        ...standard(body),
        'webhook-signature': `v1a,x v1,${'A'.repeat(43)}= ${standard(body)['webhook-signature'] ?? ''}`,
      },
    ],
    [
      'GitLab, signed and with a token of which nobody knows here',
      body,
      gitLab({ ...standard(body), 'X-Gitlab-Token': 'x' }),
    ],
    ['anybody', body, generic(body)],
    ['anybody, by the other secret', body, generic(body, seconds, next)],
    ['anybody, without a body', '', generic('')],
    ['in capital letters', body, capital(gitHub(body))],
  ])('is fetched at once: %s', async (_sender, sent, headers) => {
    const served = await serve();
    expect(await post(served, sent, headers)).toEqual({ status: 202, text: 'fetching\n' });
    expect(served.fetches()).toBe(1);
    expect(served.counted).toEqual(['taken']);
  });

  it.each<readonly [string, string]>([
    ['of which nobody knows the branch', JSON.stringify({ before: '1' })],
    ['that is no JSON', 'ref=refs/heads/other'],
    ['that is broken', push('other').slice(0, -1)],
    ['whose ref is no text', '{"ref":{"refs/heads/other":1}}'],
    ['that is a list', '[]'],
    ['that is deep', '['.repeat(500_000)],
    ['whose ref is too far away', `{"a":"${'x'.repeat(1_100_000)}","ref":"refs/heads/other"}`],
  ])('is fetched when it is signed and one %s', async (_what, body) => {
    const served = await serve();
    expect((await post(served, body, gitHub(body))).status).toBe(202);
    expect(served.fetches()).toBe(1);
  });

  it('is any push, while the branch is not known', async () => {
    const served = await serve([secret], O.none);
    expect((await post(served, push('other'), gitHub(push('other')))).status).toBe(202);
  });
});

describe('what is no push to it', () => {
  const tag = JSON.stringify({ ref: 'refs/tags/main' });
  it.each<readonly [string, string, Headers]>([
    ['another branch', push('other'), gitHub(push('other'))],
    ['another branch, as a form', form(push('other')), gitHub(form(push('other')), formType)],
    ['a branch below', push('main/x'), gitHub(push('main/x'))],
    ['another branch of GitLab', push('other'), gitLab()],
    ['another branch of a whole GitLab', push('other'), gitLab({ 'X-Gitlab-Event': 'System Hook' })],
    ['another branch, from anybody', '{"ref":"other"}', generic('{"ref":"other"}')],
    ['another branch, by curl', push('other'), { ...generic(push('other')), ...formType }],
    ['a tag', tag, gitHub(tag)],
    ['a tag of GitLab', tag, gitLab({ 'X-Gitlab-Event': 'Tag Push Hook' })],
    ['an issue', push(), gitHub(push(), { 'X-GitHub-Event': 'issues' })],
    ['an issue of Gitea', push(), { ...gitea(push(), 'Gitea'), 'X-Gitea-Event': 'issues' }],
  ])('does nothing: %s', async (_what, body, headers) => {
    const served = await serve();
    expect((await post(served, body, headers)).status).toBe(200);
    expect([served.fetches(), served.counted]).toEqual([0, ['ignored']]);
  });

  it('is answered when it is a ping', async () => {
    const served = await serve();
    const ping = '{"zen":"Design for failure.","hook_id":1}';
    expect(await post(served, ping, gitHub(ping, { 'X-GitHub-Event': 'ping' }))).toEqual({
      status: 200,
      text: 'pong\n',
    });
    expect([served.fetches(), served.counted]).toEqual([0, ['ping']]);
  });
});

describe('a forged one', () => {
  const body = push();
  const right = hex(body);
  const id = 'a.1614265330';
  it.each<readonly [string, Headers]>([
    ['without a signature', {}],
    ['with an event alone', { 'X-GitHub-Event': 'push' }],
    ['with another secret', { 'X-Hub-Signature-256': `sha256=${hex(body, 'x')}` }],
    ['with an empty secret', { 'X-Hub-Signature-256': `sha256=${hex(body, '')}` }],
    ['with both secrets in one', { 'X-Hub-Signature-256': `sha256=${hex(body, `${secret},${next}`)}` }],
    ['of another body', { 'X-Hub-Signature-256': `sha256=${hex(`${body} `)}` }],
    ['by SHA-1', { 'X-Hub-Signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}` }],
    ['without its prefix', { 'X-Hub-Signature-256': right }],
    ['with another prefix', { 'X-Hub-Signature-256': `sha1=${right}` }],
    ['that is cut off', { 'X-Hub-Signature-256': `sha256=${right.slice(0, -1)}` }],
    ['that is longer', { 'X-Hub-Signature-256': `sha256=${right}0` }],
    ['that is empty', { 'X-Hub-Signature-256': '' }],
    [
      'with one bit wrong',
      { 'X-Gitea-Signature': right.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
    ],
    ['with a token that is nearly right', gitLab({ 'X-Gitlab-Token': `${secret}x` })],
    ['with an empty token', gitLab({ 'X-Gitlab-Token': '' })],
    ['with two tokens in one', gitLab({ 'X-Gitlab-Token': `${secret}, ${next}` })],
    [
      'with the signing token as it is',
      standard(body, 'msg_1', seconds, `whsec_${Buffer.from(signingToken).toString('base64')}`),
    ],
    [
      'signed for GitLab without a signing token',
      standard(body, 'msg_1', seconds, `whsec_${Buffer.from(secret).toString('base64')}`),
    ],
    ['with another id', { ...standard(body), 'webhook-id': 'msg_2' }],
    ['with a dot in its id', standard(body, id)],
    ['with no id', standard(body, '')],
    ['with another time', { ...generic(body), 'X-Holdfast-Timestamp': String(seconds + 1) }],
    ['with no time', { 'X-Holdfast-Signature': `sha256=${right}` }],
    ['with a time that is none', generic(body, '+1614265330')],
    ['with a time in milliseconds', generic(body, nowMs)],
  ])('is refused and told nothing: %s', async (_how, headers) => {
    const served = await serve();
    expect(await post(served, body, headers)).toEqual({ status: 401, text: '' });
    expect([served.fetches(), served.counted]).toEqual([0, ['forged']]);
  });

  it('made of one that was signed with a time, sent as a body without one', async () => {
    const served = await serve();
    const seen = generic(body, seconds - 3_600);
    const signed = `${seconds - 3_600}.${body}`;
    const headers = { 'X-Hub-Signature-256': seen['X-Holdfast-Signature'] ?? '' };
    expect((await post(served, signed, headers)).status).toBe(401);
    expect(served.fetches()).toBe(0);
  });
});

describe('a replayed one', () => {
  const body = push();
  it.each<readonly [string, Headers, Headers]>([
    ['GitHub', gitHub(body), {}],
    ['GitHub, with another delivery id', gitHub(body), { 'X-GitHub-Delivery': 'x' }],
    ['GitHub, in capital letters', gitHub(body), capital(gitHub(body))],
    ['GitHub, by the header of Gitea', gitHub(body), gitea(body, 'Gitea')],
    ['GitLab', gitLab({ 'Idempotency-Key': '1' }), {}],
    ['GitLab, signed', standard(body), {}],
    ['anybody', generic(body), {}],
    [
      'one that was signed twice, with one signature',
      { ...gitHub(body), ...generic(body) },
      { 'X-Hub-Signature-256': '' },
    ],
  ])('does nothing: %s', async (_sender, headers, changed) => {
    const served = await serve();
    expect((await post(served, body, headers)).status).toBe(202);
    expect(await post(served, body, { ...headers, ...changed })).toEqual({
      status: 200,
      text: 'nothing to do: taken before\n',
    });
    expect([served.fetches(), served.counted]).toEqual([1, ['taken', 'replayed']]);
  });

  it('does nothing when all arrive at once', async () => {
    const served = await serve();
    await Promise.all(Array.from({ length: 10 }, () => post(served, body, gitHub(body))));
    expect(served.fetches()).toBe(1);
    expect(served.counted.filter((result) => result === 'replayed')).toHaveLength(9);
  });

  it('is not one: another push, and the same one that GitLab sends with another key', async () => {
    const served = await serve();
    const sent: readonly (readonly [string, Headers])[] = [
      [body, gitHub(body)],
      [push('main', '2'), gitHub(push('main', '2'))],
      [body, generic(body)],
      [body, generic(body, seconds + 1)],
      [body, standard(body)],
      [body, standard(body, 'msg_2')],
      [body, gitLab({ 'Idempotency-Key': '1' })],
      [body, gitLab({ 'Idempotency-Key': '2' })],
      [body, gitLab({ 'X-Gitlab-Event-UUID': '3' })],
    ];
    for (const [text, headers] of sent) expect((await post(served, text, headers)).status).toBe(202);
    expect(served.fetches()).toBe(sent.length);
  });

  it.each([
    ['anybody', (at: number) => generic(body, at)],
    ['GitLab', (at: number) => standard(body, 'msg_1', at)],
  ] as const)('is refused when it was signed more than five minutes ago: %s', async (_sender, headers) => {
    const served = await serve();
    for (const [at, status] of [
      [seconds - 300, 202],
      [seconds - 301, 401],
      [seconds + 300, 202],
      [seconds + 301, 401],
      [0, 401],
    ] as const)
      expect((await post(served, body, headers(at))).status, String(at - seconds)).toBe(status);
    expect(served.counted).toEqual(['taken', 'stale', 'taken', 'stale', 'stale']);
    // What was signed for the future is still known when its time has come.
    served.passTime(600_000);
    expect((await post(served, body, headers(seconds + 300))).status).toBe(200);
    served.passTime(1);
    expect(await post(served, body, headers(seconds + 300))).toEqual({ status: 401, text: '' });
    expect(served.fetches()).toBe(2);
  });
});

describe('a body', () => {
  const largest = 25 * 1024 * 1024;
  const padded = (bytes: number): string => push().replace('}', `${' '.repeat(bytes - push().length)}}`);

  it('of 25 MiB is taken, in pieces or with its length, and one of more is not', async () => {
    const served = await serve();
    const whole = padded(largest);
    expect((await post(served, whole, gitHub(whole))).status).toBe(202);
    const length = { 'content-length': String(largest) };
    expect((await post(served, whole, gitHub(whole, length))).status).toBe(200);
    const more = padded(largest + 1);
    expect(await post(served, more, gitHub(more))).toEqual({ status: 413, text: '' });
    expect(served.counted).toEqual(['taken', 'replayed', 'too_large']);
  });

  it('is not waited for, without a claim or with too great a length', async () => {
    const served = await serve();
    for (const [header, status] of [
      ['x-github-event: push', 401],
      [`x-gitlab-token: ${secret}x`, 401],
      [`x-gitlab-token: ${secret}`, 413],
    ] as const) {
      const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
      socket.write(`POST /hooks/git HTTP/1.1\r\nhost: h\r\n${header}\r\ncontent-length: 1000000000\r\n\r\n{`);
      const answer = await new Promise((resolve) => socket.on('data', resolve));
      expect(String(answer)).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
      socket.destroy();
    }
    expect(served.counted).toEqual(['forged', 'forged', 'too_large']);
  });

  it.each(['content-length: 100', 'transfer-encoding: chunked'])(
    'that breaks off does nothing (%s)',
    async (header) => {
      const served = await serve();
      const socket = connect(Number(new URL(served.address).port), '127.0.0.1');
      socket.write(
        `POST /hooks/git HTTP/1.1\r\nhost: h\r\nx-gitlab-token: ${secret}\r\n${header}\r\n\r\n5\r\n{"a":`,
      );
      await once(socket, 'ready');
      // The server reads in order: after this answer it has begun to read the other request.
      await send(served, 'GET', '/healthz');
      socket.destroy();
      await expect.poll(() => served.counted, { timeout: 5_000 }).toEqual(['broken']);
      expect(served.fetches()).toBe(0);
    },
  );
});

describe('without a secret', () => {
  it('no path below /hooks exists; with one, only this one by POST', async () => {
    const none = await serve([]);
    const served = await serve();
    expect((await post(none, push(), gitHub(push()))).status).toBe(404);
    for (const [method, path] of [
      ['GET', '/hooks/git'],
      ['PUT', '/hooks/git'],
      ['POST', '/hooks'],
      ['POST', '/hooks/'],
      ['POST', '/hooks/git/'],
      ['POST', '/hooks/git/x'],
    ] as const)
      expect(
        (await send(served, method, path, method === 'GET' ? [] : [push()], gitHub(push()))).status,
      ).toBe(404);
    expect([none.counted, served.counted]).toEqual([[], []]);
  });
});
