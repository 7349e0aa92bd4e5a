/** Killed while it makes its first state: whoever comes next reads it, and goes on with it, as if nothing had been. */
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { run, start } from '../daemon/program.js';
import { makeWorld } from '../daemon/world.js';
import { commonArgs } from './machine.js';

describe.concurrent('killed while the state is made', () => {
  // Making it takes some thirty changes of its folder: files made, written and removed. The journal is there at 13.
  for (const changes of [6, 11, 13, 15, 22]) {
    it(`at change ${changes} of its folder`, async (scope) => {
      const { expect } = scope;
      const world = await makeWorld(scope);
      world.write('a.yaml', { 'conf-a': { mute: true } });
      const folder = join(world.root, '.holdfast');
      mkdirSync(folder);
      const apply = ['apply', ...commonArgs(world), '--yes'];
      const program = start(scope, world.root, apply);
      let left = changes;
      const watcher = watch(folder, () => {
        left -= 1;
        if (left === 0) program.kill('SIGKILL');
      });
      await program.ended;
      watcher.close();
      expect(await run(scope, world.root, ['status'])).toMatchObject({ code: 0, stderr: '' });
      expect(await run(scope, world.root, apply)).toMatchObject({ code: 0 });
      expect(world.api.bodies('conf-a').length).toBeLessThanOrEqual(2);
      expect(world.api.bodies('conf-a').at(-1)).toEqual({ mute: true });
    });
  }
});
