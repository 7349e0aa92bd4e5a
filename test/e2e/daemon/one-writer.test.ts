/** One writer at a time, whatever happens to it; and everybody may read. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, it } from 'vitest';
import { eventually, pause } from './feed.js';
import { run, start, type LogEntry, type Program } from './program.js';
import type { Scope } from './scope.js';
import { scriptedApi } from './scripted-api.js';
import { makeWorld, settled, type World } from './world.js';

/** Changes the state behind everybody's back. */
const change = ({ root }: World, sql: string, timeout = 5_000): void => {
  const database = new DatabaseSync(join(root, '.holdfast/state.db'), { timeout });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
};

/** As if the holder ran on another host: from here nothing about its process is certain. */
const moveHolderElsewhere = (world: World): void =>
  change(
    world,
    "update lease set holder = json_set(holder, '$.host', 'elsewhere', '$.machine', 'another machine')",
  );

/** A daemon that has nothing left to do, and holds the state. */
const makeHeldWorld = async (scope: Scope): Promise<{ readonly world: World; readonly holder: Program }> => {
  const world = await makeWorld(scope);
  world.write('a.yaml', { 'conf-a': { mute: true } });
  const holder = world.watch();
  await settled(holder);
  return { world, holder };
};

/** A state whose holder was killed on another host a moment ago. */
const makeForeignWorld = async (scope: Scope): Promise<World> => {
  const { world, holder } = await makeHeldWorld(scope);
  holder.kill('SIGKILL');
  await holder.ended;
  moveHolderElsewhere(world);
  change(world, `update lease set heartbeat_ms = ${Date.now()}`);
  return world;
};

/** Stopped between two commits: one that is stopped within holds the lock of the file, and nobody gets past that. */
const stopAtRest = (world: World, program: Program): Promise<true> =>
  eventually('it is stopped at rest', async () => {
    program.kill('SIGSTOP');
    await pause(50);
    try {
      change(world, 'begin immediate; commit', 0);
      return true;
    } catch {
      program.kill('SIGCONT');
      return undefined;
    }
  });

const startApply = (scope: Scope, { root, api }: World): Program =>
  start(scope, root, ['apply', '--yes', '--endpoint', api.endpoint, '--rate', 'unlimited']);

const isWaiting = ({ event }: LogEntry): boolean => event === 'waiting';
const toldToWait = (program: Program): Promise<LogEntry> => program.log.next('that it waits', isWaiting);

// What waits longest begins first: only five run at once.
describe.concurrent('a writer that is stopped', () => {
  it('for long is replaced; when it goes on it sends nothing more, says why and ends', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const names = Array.from({ length: 6 }, (_, index) => `conf-${index + 1}`);
    world.write('a.yaml', Object.fromEntries(names.map((name) => [name, { mute: true }])));
    // Work is left for when it goes on: a call that waits its turn, and a save that it has not seen.
    const first = world.watch('--rate', '0.5');
    await world.api.calls.count('a call', 2);
    await stopAtRest(world, first);
    const api = await scriptedApi(scope);
    const flags = ['--endpoint', api.endpoint, '--rate', 'unlimited'];
    const second = start(scope, world.root, ['watch', 'desired', ...flags]);
    await settled(second);
    world.write('b.yaml', { 'conf-b': { mute: true } });
    await api.calls.next('the call for the save', ({ conference }) => conference === 'conf-b');

    const calls = { first: world.api.calls.all.length, second: api.calls.all.length };
    first.kill('SIGCONT');
    const { code, stderr } = await first.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('another holdfast has taken over the state');
    expect(world.api.calls.all).toHaveLength(calls.first);
    expect(new Set([...world.api.calls.all, ...api.calls.all].map(({ conference }) => conference))).toEqual(
      new Set([...names, 'conf-b']),
    );

    world.write('b.yaml', { 'conf-b': { mute: false } });
    await api.calls.count('the next call of the second', calls.second + 1);
    expect(api.bodies('conf-b')).toEqual([{ mute: true }, { mute: false }]);
  });

  it('with nothing to do notices all the same, and touches nothing', async (scope) => {
    const { expect } = scope;
    const { world, holder: first } = await makeHeldWorld(scope);
    await stopAtRest(world, first);
    const applied = await startApply(scope, world).ended;
    expect(applied).toMatchObject({ code: 0 });
    first.kill('SIGCONT');
    const { code, stderr } = await first.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('another holdfast has taken over the state');
    const status = await run(scope, world.root, ['status']);
    expect(status.stdout).toContain('no daemon and no apply is running');
  });

  it('for a moment goes on as if nothing had been', async (scope) => {
    const { expect } = scope;
    const { world, holder: first } = await makeHeldWorld(scope);
    await stopAtRest(world, first);
    const second = startApply(scope, world);
    await toldToWait(second);
    first.kill('SIGCONT');
    expect((await second.ended).code).toBe(1);
    world.write('a.yaml', { 'conf-a': { mute: false } });
    await world.api.calls.count('the next call', 2);
  });
});

describe.concurrent('a second writer', () => {
  // That it takes no longer is measured where the clock is handed in: `test/ledger/sqlite-lease.test.ts`.
  it('takes the place of one that died on another host after 10 s, and says what it waits for', async (scope) => {
    const { expect } = scope;
    const world = await makeForeignWorld(scope);
    const startedMs = Date.now();
    const second = world.watch();
    const { message } = await toldToWait(second);
    expect(message).toMatch(
      /^waiting up to 10 s to see whether pid \d+ on host elsewhere \(watch, since .*Z\) still lives$/,
    );
    await settled(second);
    expect(Date.now() - startedMs).toBeGreaterThan(10_000);
    expect(world.api.calls.all).toHaveLength(1);
  });

  it('is refused at once while the first lives, and told who that is', async (scope) => {
    const { expect } = scope;
    const { world, holder } = await makeHeldWorld(scope);
    const second = world.watch();
    const { code, stderr } = await second.ended;
    expect(second.log.all.filter(isWaiting)).toEqual([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`is held by holdfast watch, process ${holder.pid} on `));
    expect(await startApply(scope, world).ended).toMatchObject({ code: 1, stderr });
    expect(world.api.calls.all).toHaveLength(1);
  });

  it('takes the place of one that was killed at once', async (scope) => {
    const { expect } = scope;
    const { world, holder } = await makeHeldWorld(scope);
    holder.kill('SIGKILL');
    await holder.ended;
    const second = world.watch();
    await settled(second);
    expect(second.log.all.filter(isWaiting)).toEqual([]);
  });

  it('is refused when it has seen that one lives on another host', async (scope) => {
    const { expect } = scope;
    const { world, holder } = await makeHeldWorld(scope);
    moveHolderElsewhere(world);
    const { code, stderr } = await startApply(scope, world).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`is held by holdfast watch, process ${holder.pid} on elsewhere`));
    world.write('b.yaml', { 'conf-b': { mute: true } });
    await world.api.calls.count('the call of the first', 2);
  });

  it.for([
    ['apply', 'SIGINT', 130],
    ['apply', 'SIGTERM', 130],
    ['watch', 'SIGINT', 0],
  ] as const)('that waits ends at once: %s told %s exits with %d', async ([command, signal, code], scope) => {
    const { expect } = scope;
    const world = await makeForeignWorld(scope);
    const waiting = command === 'watch' ? world.watch() : startApply(scope, world);
    await toldToWait(waiting);
    waiting.kill(signal);
    const ended = await waiting.ended;
    // Had it waited on, it would have taken over.
    expect(ended).toMatchObject({ code, signal: null, stdout: '' });
    expect(ended.stderr).toContain('stopped while waiting for the state');
  });
});

/** The state's folder as a file system that cannot be written; false where mounting is not allowed. */
const showReadOnly = ({ onTestFinished }: Scope, folder: string, view: string): boolean => {
  mkdirSync(view);
  try {
    execFileSync('/bin/mount', ['--bind', folder, view], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync('/bin/umount', ['--lazy', view], { stdio: 'ignore' });
  });
  execFileSync('/bin/mount', ['-o', 'remount,bind,ro', view], { stdio: 'ignore' });
  return true;
};

describe.concurrent('while a daemon holds the state', () => {
  it.for([
    ['as it is', false],
    ['also where it cannot be written', true],
  ] as const)('status and plan read it, %s', async ([, readOnly], scope) => {
    const { expect } = scope;
    const { world, holder } = await makeHeldWorld(scope);
    if (readOnly && !showReadOnly(scope, join(world.root, '.holdfast'), join(world.root, 'view'))) {
      scope.skip('mounting is not allowed here');
      return;
    }
    const state = ['--format', 'json', '--state', `sqlite:${readOnly ? 'view' : '.holdfast'}/state.db`];
    const status = await run(scope, world.root, ['status', ...state]);
    expect(JSON.parse(status.stdout)).toMatchObject({ writer: { pid: holder.pid }, summary: { settled: 1 } });
    const plan = await run(scope, world.root, ['plan', ...state]);
    expect(JSON.parse(plan.stdout)).toMatchObject({ summary: { none: 1, calls: 0 } });
    world.write('a.yaml', { 'conf-a': { mute: false } });
    await world.api.calls.count('the next call', 2);
  });
});
