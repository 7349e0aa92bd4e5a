/** A newcomer's first command: `watch --sandbox` shows the whole loop without an account. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { start, type Program } from './program.js';
import type { Scope } from './scope.js';
import { makeWorld, settled, type World } from './world.js';

const sandbox = (scope: Scope, { root }: World, ...flags: readonly string[]): Program =>
  start(scope, root, ['watch', 'desired', '--sandbox', '--rate', 'unlimited', ...flags], {
    BANDWIDTH_USER_ID: undefined,
    BANDWIDTH_API_TOKEN: undefined,
    BANDWIDTH_API_SECRET: undefined,
  });

const calls = (program: Program) => program.log.all.filter(({ event }) => event === 'call');

describe.concurrent('watch --sandbox', () => {
  it('shows started, plan, calls, settled and what to edit; the edit gives exactly one call', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', {
      'conf-a': { name: 'Weekly', tag: 'x', mute: false },
      'conf-b': { hold: true },
      'conf-c': { state: 'completed' },
    });
    const program = sandbox(scope, world);
    const hint = await program.log.next('the hint', ({ event }) => event === 'hint');
    const told = program.log.all.map(({ event }) => event);
    expect(told.indexOf('started')).toBeLessThan(told.indexOf('plan'));
    expect(told.indexOf('plan')).toBeLessThan(told.indexOf('call'));
    expect(told.indexOf('call')).toBeLessThan(told.indexOf('settled'));
    expect(told.indexOf('settled')).toBeLessThan(told.indexOf('hint'));
    expect(calls(program).map(({ outcome, status }) => [outcome, status])).toEqual([
      ['applied', 200],
      ['applied', 200],
      ['applied', 200],
    ]);
    // The edit that the hint asks for.
    const [, path = '', line = '', column = ''] = /(desired\/\S+?):(\d+):(\d+)/.exec(hint.message) ?? [];
    const lines = readFileSync(`${world.root}/${path}`, 'utf8').split('\n');
    const at = Number(line) - 1;
    const from = (lines[at] ?? '').slice(0, Number(column) - 1);
    const value = (lines[at] ?? '').slice(Number(column) - 1);
    expect(['true', 'false']).toContain(value);
    lines[at] = from + (value === 'true' ? 'false' : 'true');
    const logs = program.log.all.length;
    writeFileSync(`${world.root}/${path}`, lines.join('\n'));
    const call = await program.log.next('the call', ({ event }) => event === 'call', logs);
    expect(call).toMatchObject({ outcome: 'applied', at: `${path}:${line}:${column}` });
    await settled(program, logs);
    // A later one is created as well.
    world.write('b.yaml', { 'conf-later': { mute: true } });
    await program.log.next(
      'the later one',
      ({ event, conference }) => event === 'call' && conference === 'conf-later',
      logs,
    );
    expect(calls(program)).toHaveLength(5);
    expect(calls(program).every(({ outcome }) => outcome === 'applied')).toBe(true);
    expect(existsSync(`${world.root}/.holdfast/state.db`)).toBe(false);
    program.kill('SIGINT');
    expect((await program.ended).code).toBe(0);
  });

  it('begins afresh when it is started again', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: true }, 'conf-b': { hold: true } });
    const first = sandbox(scope, world);
    await settled(first);
    first.kill('SIGKILL');
    await first.ended;
    const second = sandbox(scope, world);
    await settled(second);
    expect(calls(second)).toHaveLength(2);
  });

  it('goes on where it was with a state of its own', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', {
      'conf-a': { mute: true },
      'conf-b': { hold: true },
      'conf-c': { state: 'completed' },
    });
    const first = sandbox(scope, world, '--state', 'sqlite:mine.db');
    await settled(first);
    first.kill('SIGKILL');
    await first.ended;
    world.write('b.yaml', { 'conf-d': { tag: 'sentinel' } });
    const second = sandbox(scope, world, '--state', 'sqlite:mine.db');
    await settled(second);
    expect(calls(second).map(({ conference }) => conference)).toEqual(['conf-d']);
    const logs = second.log.all.length;
    world.write('a.yaml', {
      'conf-a': { mute: false },
      'conf-b': { hold: true },
      'conf-c': { state: 'completed' },
    });
    const call = await second.log.next('the call', ({ event }) => event === 'call', logs);
    expect(call).toMatchObject({ conference: 'conf-a', outcome: 'applied', status: 200 });
  });

  it('shows a broken file and its place, and the end of it', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    world.write('a.yaml', { 'conf-a': { mute: 'yes' } });
    world.write('b.yaml', { 'conf-b': { mute: true } });
    const program = sandbox(scope, world);
    const invalid = await program.log.next('invalid', ({ event }) => event === 'invalid');
    expect(invalid).toMatchObject({ at: 'desired/a.yaml:3:11' });
    await program.log.next('the other file', ({ conference }) => conference === 'conf-b');
    world.write('a.yaml', { 'conf-a': { mute: true } });
    await program.log.next('the mended one', ({ conference }) => conference === 'conf-a');
  });
});
