/** What the daemon shows of itself: `--listen`, `holdfast status`, its log, and that it is alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, listeningAt, ready } from './endpoint.js';
import { run, type Program } from './program.js';
import type { CleanUp } from './scope.js';
import { refusal } from './scripted-api.js';
import { makeWorld, settled, type World } from './world.js';

const cleanUps: CleanUp[] = [];
const scope = { onTestFinished: (cleanUp: CleanUp) => void cleanUps.push(cleanUp) };

let world: World;
let daemon: Program;
let base: string;

beforeAll(async () => {
  world = await makeWorld(scope);
  world.api.answer(({ body }) =>
    JSON.stringify(body).includes('bad') ? refusal(400, 'invalid-tag', 'no') : { status: 200 },
  );
  world.write('a.yaml', {
    'conf-a': { name: 'Weekly', mute: true, tag: 'x' },
    'conf-b': { tag: 'bad' },
    'conf-c': { callbackUrl: 'http://user:hunter2@hooks.invalid/' },
  });
  daemon = world.watch('--listen', '127.0.0.1:0');
  base = await listeningAt(daemon);
  await settled(daemon);
  await ready(base, 200);
});

afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe('--listen', () => {
  it('serves /healthz and /readyz, and nothing else', async () => {
    expect(await get(`${base}/healthz`)).toMatchObject({ status: 200 });
    expect(JSON.parse((await get(`${base}/readyz`)).text)).toEqual({ ready: true, reasons: [] });
    expect(await get(`${base}/`)).toMatchObject({ status: 404 });
  });

  it('serves /metrics as valid Prometheus text, with every call counted', async () => {
    const { status, text, contentType } = await get(`${base}/metrics`);
    expect(status).toBe(200);
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    const name =
      /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]\w*="[^"]*"(,[a-zA-Z_]\w*="[^"]*")*\})? (-?[0-9.e+-]+|NaN|\+Inf)$/;
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith('# ') && !name.test(line))).toEqual([]);
    const types = lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
    expect(new Set(types).size).toBe(types.length);
    expect(text.endsWith('\n')).toBe(true);
    const counted = new Map(
      lines.flatMap((line) => {
        const [, outcome, value] = /^holdfast_calls_total\{outcome="(\w+)"\} (\d+)$/.exec(line) ?? [];
        return outcome === undefined ? [] : [[outcome, Number(value)] as const];
      }),
    );
    expect(Object.fromEntries(counted)).toEqual({ applied: 2, rejected: 1 });
    expect(lines).toContain('holdfast_call_duration_seconds_count 3');
    expect(lines).toContain('holdfast_ready 1');
  });

  it('serves /status, the same as `holdfast status --format json`, which works beside the daemon', async () => {
    const page = await get(`${base}/status`);
    const told = await run(scope, world.root, ['status', '--format', 'json', '--rate', 'unlimited']);
    expect(told.code).toBe(0);
    expect(page.contentType).toMatch(/^application\/json/);
    expect(withoutSince(JSON.parse(page.text))).toEqual(withoutSince(JSON.parse(told.stdout)));
    expect(JSON.parse(page.text)).toMatchObject({
      formatVersion: 1,
      writer: { pid: daemon.pid, command: 'watch' },
      summary: { conferences: 3, settled: 2, rejected: 1 },
    });
    expect(page.text).not.toContain('hunter2');
    const text = await run(scope, world.root, ['status']);
    expect(text.stdout).toContain('3 conferences, 2 settled, 1 rejected');
  });
});

// The moment since when the daemon holds the state is checked in disagreements.test.ts.
const withoutSince = (status: unknown): unknown =>
  JSON.parse(JSON.stringify(status), (name, value: unknown) => (name === 'writer' ? undefined : value));

describe('a second daemon on the same state', () => {
  it('ends with 1 and names the first', async () => {
    const { code, stderr } = await run(scope, world.root, [
      'watch',
      'desired',
      '--endpoint',
      world.api.endpoint,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(String(daemon.pid));
    expect(stderr).toContain('watch');
  });

  it('and an apply, too', async () => {
    world.write('z.yaml', { 'conf-z': { tag: 'z' } });
    await world.api.calls.next('the daemon', ({ conference }) => conference === 'conf-z');
    world.write('../other/a.yaml', { 'conf-y': { tag: 'y' } });
    const { code, stderr } = await run(scope, world.root, [
      'apply',
      'other',
      '--yes',
      '--endpoint',
      world.api.endpoint,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(String(daemon.pid));
    expect(world.api.bodies('conf-y')).toEqual([]);
  });
});

describe('the log', () => {
  it('is JSON, line by line, with an event each, and without secrets', async () => {
    daemon.kill('SIGTERM');
    const { stderr, code } = await daemon.ended;
    expect(code).toBe(0);
    const lines = stderr.split('\n').map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(daemon.log.all.length);
    const events = new Set(daemon.log.all.map(({ event }) => event));
    expect([...events].filter((event) => !known.has(event))).toEqual([]);
    for (const event of ['started', 'revision', 'plan', 'call', 'settled', 'stopped'])
      expect(events).toContain(event);
    for (const { time } of daemon.log.all) expect(new Date(time).toISOString()).toBe(time);
    for (const secret of ['s3cret-of-tests', 't-1"', 'hunter2']) expect(stderr).not.toContain(secret);
  });

  it('says of every call which conference, revision, status and how long', () => {
    const calls = daemon.log.all.filter(({ event }) => event === 'call');
    expect(calls).toHaveLength(4);
    for (const call of calls) {
      expect(String(call['conference'])).toMatch(/^conf-/);
      expect(String(call['revision'])).toMatch(/^dir:sha256:[0-9a-f]{64}$/);
      expect(String(call['at'])).toMatch(/^desired\/[az]\.yaml:\d+:\d+$/);
      expect(typeof call['status']).toBe('number');
      expect(typeof call['ms']).toBe('number');
    }
  });
});

const known = new Set(
  'started revision plan call blocked invalid refused stopped settled waiting paused resumed failed hint sandbox'.split(
    ' ',
  ),
);
