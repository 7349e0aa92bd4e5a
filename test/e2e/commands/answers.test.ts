/** What each answer of the API means to an apply: calls made, words, exit code, and what the next apply does. */
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';
import {
  apiError,
  ok,
  scriptedApi,
  type Handler,
  type Reply,
  type ScriptedApi,
} from '../support/scripted-api.js';

const apply = ({ run }: Bench, { endpoint }: { readonly endpoint: string }, ...args: readonly string[]) =>
  run(['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited', '--format', 'json', ...args]);

const declare = ({ write }: Bench, ids: readonly string[]): void =>
  write('desired/a.yaml', ['conferences:', ...ids.map((id) => `  ${id}: { mute: true }`), ''].join('\n'));

const outcomes = (stdout: string): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    recordsAt(parseRecord(stdout), 'changes').map((change) => [String(change['conference']), change]),
  );

const callsTo = (api: ScriptedApi, id: string): number => api.bodies(id).length;

/** First these replies, then 200. */
const first =
  (...replies: readonly Reply[]): Handler =>
  ({ earlier }) =>
    replies[earlier] ?? ok;

const badTag = apiError(
  400,
  'validation-error',
  "The 'conference' resource property 'tag' exceeds the limit of 3",
);
const conflict = apiError(409, 'conference-update-conflict', 'another update was is progress');
const ended = apiError(
  403,
  'conference-error',
  'Unable to update conference ended. Invalid conference state completed',
);
const gone = apiError(404, 'conference-not-found', 'The conference missing could not be found');
const broken = apiError(503, 'unavailable', 'later');
const html: Reply = {
  status: 502,
  text: '<html><b>Bad gateway</b></html>',
  headers: { 'content-type': 'text/html' },
};

/** Each conference, how the API answers for it, how often it is called, and what is told of it. */
const table: readonly (readonly [string, Handler, number, Json])[] = [
  ['fine', first(), 1, { outcome: 'applied', status: 200 }],
  ['teapot', () => ({ status: 418 }), 1, { outcome: 'rejected', status: 418 }],
  [
    'rejected',
    () => badTag,
    1,
    {
      outcome: 'rejected',
      status: 400,
      code: 'validation-error',
    },
  ],
  ['ended', () => ended, 1, { outcome: 'blocked', status: 403, code: 'conference-error' }],
  ['missing', () => gone, 1, { outcome: 'missing', status: 404, code: 'conference-not-found' }],
  ['conflict', first(conflict), 2, { outcome: 'applied', status: 200 }],
  ['doubtful', first(broken), 2, { outcome: 'applied', status: 200 }],
  ['html', first(html), 2, { outcome: 'applied', status: 200 }],
  ['lost', first('close'), 2, { outcome: 'applied', status: 200 }],
  ['reset', first('reset'), 2, { outcome: 'applied', status: 200 }],
];

describe.concurrent('an answer of the API', () => {
  it('decides for its own conference alone', async ({ bench }) => {
    const handlers = new Map(table.map(([id, handler]) => [id, handler]));
    const api = await bench.api((request) => handlers.get(request.conference)?.(request) ?? ok);
    declare(
      bench,
      table.map(([id]) => id),
    );
    const { code, stdout, stderr } = await apply(bench, api);
    expect(code).toBe(1);
    const told = outcomes(stdout);
    for (const [id, , calls, expected] of table) {
      expect(told[id], id).toMatchObject(expected);
      expect(callsTo(api, id), id).toBe(calls);
      for (const body of api.bodies(id)) expect(body, id).toEqual({ mute: true });
    }
    expect(stderr).not.toContain('<html>');

    // The next apply tries again what may work now, and nothing else.
    const before = api.requests.length;
    const again = await bench.run(['apply', '--yes', '--endpoint', api.endpoint, '--rate', 'unlimited']);
    expect(again.code).toBe(1);
    const tried = api.requests.slice(before).map(({ conference }) => conference);
    expect(tried.sort()).toEqual(['missing', 'rejected', 'teapot']);
    // People get every conference that is not as declared, with its place and the API's own words.
    for (const id of ['ended', 'missing', 'rejected', 'teapot']) {
      const line = table.findIndex(([other]) => other === id) + 2;
      expect(again.stdout).toMatch(new RegExp(`^ +${id} .*desired/a\\.yaml:${line}:\\d+`, 'm'));
    }
    expect(again.stdout).toContain('exceeds the limit of 3');
    expect(again.stdout).toContain('conference-not-found');
  });

  it.for<readonly [string, Reply]>([
    ['401', apiError(401, 'user-access-denied', 'User u-test does not have permission', 'authorization')],
    [
      '403 of the account',
      apiError(403, 'user-access-denied', 'User t-1 does not have permission', 'authorization'),
    ],
    ['404 of the user', apiError(404, 'user-not-found', "The user 'u-test' could not be found", 'not-found')],
    ['404 of a proxy', { status: 404, text: '<html>Not here</html>' }],
  ])('%s stops all calls of the account', async ([, reply], { bench }) => {
    const api = await bench.api(() => reply);
    declare(bench, ['a', 'b', 'c']);
    // The second call would have its turn long after any answer to the first.
    const { code, stdout, stderr } = await apply(bench, api, '--rate', '0.01');
    expect(code).toBe(1);
    expect(api.requests).toHaveLength(1);
    expect(stderr).toContain('stopped before everything was tried');
    expect(Object.values(outcomes(stdout)).every(({ outcome }) => outcome !== 'applied')).toBe(true);
  });

  it.for<readonly [string, number, (resetMs: number) => Readonly<Record<string, string>>]>([
    ['in milliseconds', 1, (resetMs) => ({ 'x-ratelimit-reset': String(resetMs) })],
    ['in seconds', 1000, (resetMs) => ({ 'x-ratelimit-reset': String(resetMs / 1000) })],
    ['that is absent', 1, () => ({})],
  ])('429 with a reset %s is waited for', async ([, unitMs, headers], { bench }) => {
    // Later than the next call would go out without it, which is long after any answer to the first.
    const resets: number[] = [];
    const api = await bench.api(({ atMs }) => {
      if (resets.length > 0) return ok;
      const resetMs = Math.ceil((atMs + 3_500) / unitMs) * unitMs;
      resets.push(resetMs);
      return limited(headers(resetMs));
    });
    declare(bench, ['a', 'b']);
    const { code, stdout } = await apply(bench, api, '--rate', '0.4');
    expect(code).toBe(0);
    expect(outcomes(stdout)).toMatchObject({ a: { outcome: 'applied' }, b: { outcome: 'applied' } });
    expect(api.requests).toHaveLength(3);
    const [resetMs = 0] = Object.keys(headers(0)).length === 0 ? [] : resets;
    for (const { atMs } of api.requests.slice(1)) expect(atMs).toBeGreaterThanOrEqual(resetMs);
  });

  it('that is cut off after a 2xx is an answer all the same', async ({ bench }) => {
    const api = await bench.api(first('truncate'));
    declare(bench, ['a']);
    expect((await apply(bench, api)).code).toBe(0);
    expect(api.requests.length).toBeLessThanOrEqual(2);
    expect((await bench.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('that never comes because nobody listens leaves everything as it was', async ({ bench }) => {
    const closed = await scriptedApi();
    await closed.close();
    declare(bench, ['a']);
    const { code, stdout, stderr } = await apply(bench, closed, '--rate', '1000');
    expect(code).toBe(1);
    expect(outcomes(stdout)['a']).toMatchObject({ outcome: 'failed' });
    expect(stderr).toMatch(/refused|reached/);
    const plan = parseRecord((await bench.run(['plan', '--format', 'json'])).stdout);
    expect(recordsAt(plan, 'changes')).toMatchObject([{ settings: [{ setting: 'mute', why: 'new' }] }]);
  });

  it('that keeps failing is given up after five attempts, and stays in doubt', async ({ bench }) => {
    const api = await bench.api(() => broken);
    declare(bench, ['a']);
    const { code, stdout } = await apply(bench, api);
    expect(code).toBe(1);
    expect(outcomes(stdout)['a']).toMatchObject({ outcome: 'failed', status: 503, code: 'unavailable' });
    expect(api.requests.length).toBeGreaterThan(1);
    expect(api.requests.length).toBeLessThanOrEqual(5);
    const plan = parseRecord((await bench.run(['plan', '--format', 'json'])).stdout);
    expect(recordsAt(plan, 'changes')).toMatchObject([{ settings: [{ setting: 'mute', why: 'in-doubt' }] }]);
  });
});

function limited(headers: Readonly<Record<string, string>>): Reply {
  return {
    status: 429,
    headers,
    json: { category: 'too-many-requests', code: 'rate-limit-reached', message: 'too many', details: [] },
  };
}
