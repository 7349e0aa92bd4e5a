/** No file and no connection can be opened: nothing counts as removed, nobody ends, and all goes on afterwards. */
import { describe, it } from 'vitest';
import { listeningAt, ready } from '../daemon/endpoint.js';
import { pause } from '../daemon/feed.js';
import { run, type Ended } from '../daemon/program.js';
import { makeWorld, settled } from '../daemon/world.js';
import { canLimit, limit, trace, withLimit } from './machine.js';

describe.concurrent('no descriptor is left', () => {
  for (const [name, isBusy] of [
    ['while the daemon is at rest', false],
    ['before the daemon has made its first call', true],
  ] as const) {
    it(`${name}: no call is lost, nothing is removed, and everything converges`, async (scope) => {
      const { expect } = scope;
      if (!canLimit()) return scope.skip('the limits of a running process cannot be changed here');
      const world = await makeWorld(scope);
      const { api } = world;
      if (!isBusy) world.write('a.yaml', { 'conf-a': { mute: true }, 'conf-b': { tag: 'b' } });
      const daemon = world.watch('--on-remove', 'complete', '--listen', '127.0.0.1:0');
      const base = await listeningAt(daemon);
      await ready(base, 200);
      if (!isBusy) await settled(daemon);
      const calls = api.calls.all.length;
      const logs = daemon.log.all.length;
      limit(daemon.pid, 'nofile', 3);
      world.write('a.yaml', { 'conf-a': { mute: false }, 'conf-b': { tag: 'b' } });
      world.write('deeper/c.yaml', { 'conf-c': { hold: true } });
      const invalid = await daemon.log.next('invalid', ({ event }) => event === 'invalid', logs);
      expect(invalid.message).toContain('too many files are open');
      // Longer than the time after which a removal counts.
      await pause(2_600);
      limit(daemon.pid, 'nofile', 'unlimited');
      await ready(base, 200);
      const expected = isBusy ? 3 : 2;
      await api.calls.count('all calls', expected, calls);
      await daemon.log.next(
        'all settled',
        (entry) => entry.event === 'settled' && entry['settled'] === 3,
        logs,
      );
      await pause(2_600);
      expect(
        api.calls.all
          .slice(calls)
          .map(({ conference, body }) => [conference, body])
          .sort(),
      ).toEqual([
        ['conf-a', { mute: false }],
        ...(isBusy ? [['conf-b', { tag: 'b' }]] : []),
        ['conf-c', { hold: true }],
      ]);
      daemon.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      expect(stderr).not.toMatch(trace);
      expect(code).toBe(0);
    });
  }

  it('for a command to start with: exit 1 and a clear word', async (scope) => {
    const { expect } = scope;
    const world = await makeWorld(scope);
    const runWith = (descriptors: number): Promise<Ended> =>
      run(scope, world.root, ['status'], {}, withLimit(`-n ${descriptors}`));
    // With how many it begins to fail depends on Node; with far fewer, Node itself does not get to the program.
    let [tooFew, enough] = [16, 32];
    let failed: Ended | undefined;
    while (enough - tooFew > 1) {
      const between = Math.floor((tooFew + enough) / 2);
      const ended = await runWith(between);
      if (ended.code === 0) enough = between;
      else [tooFew, failed] = [between, ended];
    }
    expect(failed).toMatchObject({
      code: 1,
      stderr: 'error: too many files are open: raise the limit (ulimit -n)',
    });
  });
});
