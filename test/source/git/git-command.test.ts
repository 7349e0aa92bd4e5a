/** Running git: whatever happens, there is an answer, and nobody has to wait for ever. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { describe, it } from 'vitest';
import { makeGit, type Git } from '../../../src/source/git/git-command.js';
import { gitEnv, pathWith, temporaryFolder, type Scope } from '../../support/git.js';

/** What stands in for git. */
const fake = (scope: Scope, script: string): Git => {
  const folder = temporaryFolder(scope);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return makeGit(gitEnv(folder, pathWith(bin)));
};

const textOf = async (git: Git, ...args: Parameters<Git['run']>): Promise<string> => {
  const ran = await git.run(...args)();
  return E.isRight(ran) ? ran.right.toString('utf8') : `failed: ${ran.left.message}`;
};

describe.concurrent('git', () => {
  it('is told what to read, and says what it says', async (scope) => {
    const git = fake(scope, 'cat; echo "$*"');
    scope.expect(await textOf(git, ['a', 'b'], { input: Buffer.from('in ') })).toBe('in a b\n');
  });

  it('may end without reading', async (scope) => {
    const git = fake(scope, 'echo "fatal: no" >&2; exit 3');
    scope.expect(await textOf(git, [], { input: Buffer.alloc(1 << 20) })).toBe('failed: no');
  });

  it('may be missing', async (scope) => {
    const git = makeGit({ PATH: '/nowhere' });
    scope.expect(await textOf(git, [])).toContain('git is not installed');
  });

  it('is ended when it says nothing for too long, also when it does not want to', async (scope) => {
    const git = fake(scope, 'trap "" TERM; echo begun; while :; do sleep 1; done');
    scope.expect(await textOf(git, [], { silenceMs: 100 })).toContain('said nothing');
  });

  it('may take as long as it likes while it says something', async (scope) => {
    const git = fake(scope, 'for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.1; done; echo done');
    scope.expect(await textOf(git, [], { silenceMs: 400 })).toBe('done\n');
  });

  it('is not waited for when something that it left behind holds its output', async (scope) => {
    const git = fake(scope, 'sleep 60 & echo done');
    scope.expect(await textOf(git, [])).toBe('done\n');
  });

  it('is not blamed for a defect of whoever reads what it says', async (scope) => {
    const git = fake(scope, 'echo a; sleep 60');
    const onOutput = (): void => {
      throw new Error('not expected');
    };
    scope.expect(await textOf(git, [], { onOutput })).toContain('a defect in holdfast: not expected');
  });

  it('is not started any more when it is closed, and what runs ends', async (scope) => {
    const git = fake(scope, 'echo begun; sleep 60');
    const heard = new Promise<void>((begun) => {
      void git.run([], { onOutput: () => begun() })();
    });
    await heard;
    git.close();
    scope.expect(await textOf(git, [])).toBe('failed: stopped');
  });
});
