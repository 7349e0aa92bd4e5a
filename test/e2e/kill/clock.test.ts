/**
 * A clock that is set while the daemon runs, forward and back: no call is made twice, none waits longer than it
 * should, the lease stays where it is, and what is shown is right by the new clock.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { get, listeningAt, ready } from '../daemon/endpoint.js';
import { eventually } from '../daemon/feed.js';
import { run, start, type Program } from '../daemon/program.js';
import { refusal } from '../daemon/scripted-api.js';
import type { Scope } from '../daemon/scope.js';
import { makeWorld, quietMs, settled, type World } from '../daemon/world.js';
import { parseRecord, recordsAt } from '../support/json.js';
import { commonArgs, trace } from './machine.js';

const hourMs = 3_600_000;

interface Clocked {
  readonly world: World;
  readonly daemon: Program;
  readonly base: string;
  /** The clock of every process of this world. */
  readonly env: NodeJS.ProcessEnv;
  readonly jump: (offsetMs: number) => Promise<void>;
}

const preload = new URL('preload-clock.mjs', import.meta.url);

const startClocked = async (scope: Scope): Promise<Clocked> => {
  const world = await makeWorld(scope);
  const file = join(world.root, 'clock');
  writeFileSync(file, '0');
  const env = { NODE_OPTIONS: `--import ${preload.href}`, HOLDFAST_TEST_CLOCK: file };
  world.write('a.yaml', { 'conf-a': { mute: true, tag: 'a' }, 'conf-b': { tag: 'b' } });
  const daemon = start(scope, world.root, ['watch', ...commonArgs(world), '--listen', '127.0.0.1:0'], env);
  const base = await listeningAt(daemon);
  await settled(daemon);
  const jump = async (offsetMs: number): Promise<void> => {
    writeFileSync(file, String(offsetMs));
    process.kill(daemon.pid, 'SIGUSR2');
    await eventually('the clock is set', () =>
      Promise.resolve(
        existsSync(`${file}.seen`) && readFileSync(`${file}.seen`, 'utf8') === String(offsetMs)
          ? true
          : undefined,
      ),
    );
  };
  return { world, daemon, base, env, jump };
};

describe.concurrent('a clock that is set', () => {
  for (const [name, offsetMs] of [
    ['an hour forward', hourMs],
    ['an hour back', -hourMs],
    ['a day forward', 24 * hourMs],
  ] as const) {
    it(`${name}: calls, retries, removals and the lease go on as ever`, async (scope) => {
      const { expect } = scope;
      const { world, daemon, base, env, jump } = await startClocked(scope);
      const { api } = world;
      await jump(offsetMs);

      // Nobody can take the state over because of it.
      const second = await run(scope, world.root, ['apply', ...commonArgs(world), '--yes'], env);
      expect(second).toMatchObject({ code: 1 });
      expect(second.stderr).toMatch(/^error: the state sqlite:\S+ is held by holdfast watch/m);

      // A doubt, and a rate limit that ends in a second by the API's clock: both are tried again soon.
      const faults = [refusal(500, 'internal-error'), 'limit'] as const;
      let number = 0;
      api.answer(() => {
        const fault = faults[number++];
        if (fault !== 'limit') return fault ?? { status: 200 };
        const resetMs = Date.now() + 1_000;
        return { ...refusal(429, 'limit'), headers: { 'x-ratelimit-reset': String(resetMs) } };
      });
      const calls = api.calls.all.length;
      const logs = daemon.log.all.length;
      world.write('b.yaml', { 'conf-c': { mute: true } });
      await daemon.log.next('applied', ({ outcome }) => outcome === 'applied', logs);
      const tries = api.calls.all.slice(calls);
      expect(tries.map(({ body }) => body)).toEqual([{ mute: true }, { mute: true }, { mute: true }]);
      const times = tries.map(({ atMs }) => atMs);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(490);
      expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(950);

      // Set again while a removal waits: it counts after two seconds, and not before.
      const removedMs = Date.now();
      world.write('a.yaml', { 'conf-a': { tag: 'a' }, 'conf-b': { tag: 'b' } });
      await daemon.log.next('that removals wait', ({ held }) => Array.isArray(held));
      await jump(0);
      const unmute = await api.calls.next('the unmute', ({ conference }) => conference === 'conf-a', calls);
      expect(unmute.body).toEqual({ mute: false });
      expect(unmute.atMs - removedMs).toBeGreaterThanOrEqual(quietMs);

      await jump(offsetMs);
      const page = await eventually('the new time', async () => {
        const status = parseRecord((await get(`${base}/status`)).text);
        return recordsAt(status, 'conferences').every(({ standing }) => standing === 'settled')
          ? status
          : undefined;
      });
      await ready(base, 200);
      for (const time of timesIn(page)) {
        const agoMs = Math.min(...[0, offsetMs].map((clock) => Math.abs(Date.now() + clock - time)));
        expect(agoMs).toBeLessThan(hourMs / 4);
      }
      expect(api.calls.all).toHaveLength(calls + 4);
      daemon.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      expect(code).toBe(0);
      expect(stderr).not.toMatch(trace);
      expect(stderr).not.toMatch(/"level":"error"/);

      // Whoever comes next, by whatever clock, has nothing to do and nothing to wait for.
      const next = await run(scope, world.root, ['apply', ...commonArgs(world), '--yes']);
      expect(next).toMatchObject({ code: 0 });
      expect(api.calls.all).toHaveLength(calls + 4);
    });
  }
});

/** Every time that a status names, as epoch milliseconds. */
const timesIn = (value: unknown): readonly number[] =>
  [...JSON.stringify(value).matchAll(/"(\d{4}-\d\d-\d\dT[0-9:.]+Z)"/g)].map(([, time = '']) =>
    Date.parse(time),
  );
