/** `watch --git` as a user has it: the built program, a repository, and the built-in sandbox. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { gitEnv, gitIsHere, makeRepository, removed, runGit, type Repository } from '../../support/git.js';
import { get, listeningAt, ready } from './endpoint.js';
import { run, start, type Program } from './program.js';
import { temporaryFolder, type Scope } from './scope.js';
import { settled } from './world.js';

const state = ['--state', 'sqlite:state.db'];

interface Place {
  readonly root: string;
  readonly repository: Repository;
  readonly watch: (url: string, ...flags: readonly string[]) => Program;
}

const makePlace = (scope: Scope): Place => {
  const root = temporaryFolder(scope);
  return {
    root,
    repository: makeRepository(root),
    watch: (url, ...flags) =>
      start(scope, root, ['watch', '--git', url, '--sandbox', '--rate', 'unlimited', ...state, ...flags], {
        ...gitEnv(root),
        BANDWIDTH_USER_ID: undefined,
        GIT_SSH_COMMAND: join(root, 'ssh'),
      }),
  };
};

const calls = ({ log }: Program, from = 0) =>
  log.all
    .slice(from)
    .filter(({ event }) => event === 'call')
    .map(({ conference, body, outcome }) => [conference, body, outcome]);

describe.skipIf(!gitIsHere).concurrent('watch --git', () => {
  it('follows commits to calls, refuses a bad one also over a restart, and goes on at the next good one', async (scope) => {
    const { expect } = scope;
    const { root, repository, watch } = makePlace(scope);
    repository.commit('One', {
      'desired/a.yaml': 'conferences:\n  conf-a:\n    mute: true\n',
      'desired/b.yaml': 'conferences:\n  conf-b:\n    tag: b\n',
    });
    const first = watch(repository.path, '--poll', '200ms', '--listen', '127.0.0.1:0');
    await settled(first);
    expect(calls(first)).toHaveLength(2);
    const base = await listeningAt(first);
    await ready(base, 200);
    // A value, and what is removed: nobody waits for quiet.
    let from = first.log.all.length;
    const committedMs = Date.now();
    const two = repository.commit('Two', {
      'desired/a.yaml': 'conferences:\n  conf-a: {}\n',
    });
    const revision = await first.log.next('the revision', ({ event }) => event === 'revision', from);
    expect(revision['revision']).toBe(two);
    const call = await first.log.next('the call', ({ event }) => event === 'call', from);
    expect(call).toMatchObject({ conference: 'conf-a', outcome: 'applied' });
    void scope.annotate(`commit to call: ${Date.parse(call.time) - committedMs} ms`);
    await settled(first, from);

    from = first.log.all.length;
    const bad = repository.commit(
      'Bad',
      { 'desired/a.yaml': 'conferences: [\n', 'desired/b.yaml': removed },
      { author: 'Bob' },
    );
    const invalid = await first.log.next('invalid', ({ event }) => event === 'invalid', from);
    expect(invalid).toMatchObject({ revision: bad, author: 'Bob' });
    expect(JSON.stringify(invalid)).toContain('desired/a.yaml:1');
    await ready(base, 503);
    const metrics = (await get(`${base}/metrics`)).text;
    expect(metrics).toContain(`commit="${bad}",author="Bob"`);
    expect(metrics).toContain(`holdfast_revision_info{revision="${two}",author="Ann"} 1`);
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);

    const status = await run(scope, root, ['status', ...state, '--format', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({
      revision: two,
      alerts: [{ kind: 'invalid', commit: { sha: bad, author: 'Bob' } }],
    });
    const second = watch(repository.path, '--poll', '1h', '--listen', '127.0.0.1:0');
    await second.log.next('invalid', ({ event }) => event === 'invalid');
    expect(JSON.parse((await get(`${await listeningAt(second)}/status`)).text)).toMatchObject({
      revision: two,
      conferences: [{ conference: 'conf-a' }, { conference: 'conf-b' }],
    });
    from = second.log.all.length;
    // As `git revert` has it, of both.
    const three = repository.commit('Three', {
      'desired/a.yaml': 'conferences:\n  conf-a:\n    mute: true\n',
      'desired/b.yaml': 'conferences:\n  conf-b:\n    tag: b\n',
    });
    second.kill('SIGHUP');
    await second.log.next('resumed', ({ event }) => event === 'resumed', from);
    await settled(second, from);
    expect(calls(second)).toEqual([['conf-a', { mute: true }, 'applied']]);
    expect(second.log.all.some((entry) => entry['revision'] === three)).toBe(true);
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  it('fetches by ssh with a command of yours', async (scope) => {
    const { expect } = scope;
    const { root, repository, watch } = makePlace(scope);
    repository.commit('One', { 'a.yaml': 'conferences:\n  conf-a:\n    mute: true\n' });
    writeFileSync(join(root, 'ssh'), '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
    chmodSync(join(root, 'ssh'), 0o755);
    const daemon = watch(`ssh://git@example.invalid${repository.path}`);
    await settled(daemon);
    expect(calls(daemon)).toEqual([['conf-a', { mute: true }, 'applied']]);
    expect(runGit(join(root, 'state.db.git'), ['--git-dir=.', 'rev-parse', 'refs/holdfast/in-force'])).toBe(
      repository.git('rev-parse', 'main'),
    );
  });
});
