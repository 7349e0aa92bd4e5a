/** Signatures by real keys. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { gitEnv, gitIsHere, gpgIsHere, sshKeygenIsHere, type Repository } from '../../support/git.js';
import { idsIn, makePlace, mute, told } from './following.js';

const run = (folder: string, env: Readonly<Record<string, string>>, ...words: readonly string[]): string => {
  const [program = '', ...args] = words;
  const ran = spawnSync(program, args, { cwd: folder, env: { ...gitEnv(folder), ...env }, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr}`);
  return ran.stdout.trim();
};

/** Signs what the tip of the branch holds, in a commit that goes on from `onto`. */
const sign = (
  repository: Repository,
  env: Readonly<Record<string, string>>,
  settings: readonly string[],
  onto: string,
): string => {
  const flags = settings.flatMap((setting) => ['-c', setting]);
  const sha = run(
    repository.path,
    env,
    'git',
    ...flags,
    'commit-tree',
    '-S',
    '-p',
    onto,
    '-m',
    'Signed',
    'main^{tree}',
  );
  repository.setBranch(sha);
  return sha;
};

describe.skipIf(!gitIsHere)('--require-signed', () => {
  it.skipIf(!sshKeygenIsHere)(
    'takes what is signed by ssh keys of the file, which is read every time',
    async (scope) => {
      const { expect } = scope;
      const { folder, repository, follow } = makePlace(scope);
      const keys = ['ann', 'eve'].map((who) => {
        run(folder, {}, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', who, '-f', join(folder, who));
        return {
          settings: ['gpg.format=ssh', `user.signingkey=${join(folder, who)}`],
          text: readFileSync(join(folder, `${who}.pub`), 'utf8')
            .split(' ')
            .slice(0, 2)
            .join(' '),
        };
      });
      const [ann, eve] = keys;
      if (ann === undefined || eve === undefined) throw new Error('no keys');
      const signers = join(folder, 'signers');
      writeFileSync(signers, `# who may\ngpg ${'A'.repeat(40)} Bob\nann@example.com ${ann.text}\n`);
      const daemon = follow({ requireSigned: true, allowedSigners: signers });
      const unsigned = repository.commit('Unsigned', { 'desired/a.yaml': mute('conf-a') });
      const first = await daemon.look();
      expect(first).toMatchObject({ complete: false, files: [] });
      expect(told(first)).toEqual(['unsigned Unsigned by Ann']);
      const good = sign(repository, {}, ann.settings, unsigned);
      expect(await daemon.look()).toMatchObject({ revision: good, obstacles: [] });
      repository.commit('Next', { 'desired/a.yaml': mute('conf-b') }, { onto: good });
      const next = repository.git('rev-parse', 'main');
      expect(told(await daemon.look())).toEqual(['unsigned Next by Ann']);
      const byEve = sign(repository, {}, eve.settings, next);
      const refused = await daemon.look();
      expect(refused.revision).toBe(good);
      expect(refused.obstacles.map(({ message }) => message).join()).toContain('SHA256:');
      expect(idsIn(refused)).toEqual(['conf-a']);
      writeFileSync(signers, `eve@example.com ${eve.text}\n`);
      expect(await daemon.look()).toMatchObject({ revision: byEve, obstacles: [] });
      await daemon.stop();
      const without = follow({ requireSigned: true, allowedSigners: join(folder, 'nothing'), inForce: good });
      expect(await without.look()).toMatchObject({ revision: good, obstacles: [{ kind: 'unfetched' }] });
    },
  );

  it.skipIf(!gpgIsHere)(
    'takes what is signed by a gpg key of the keyring, or of the file where there is one',
    async (scope) => {
      const { expect } = scope;
      const { folder, repository, follow } = makePlace(scope);
      const home = join(folder, 'gnupg');
      mkdirSync(home, { mode: 0o700 });
      const env = { GNUPGHOME: home };
      run(
        folder,
        env,
        'gpg',
        '--batch',
        '--quiet',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        '',
        '--quick-gen-key',
        'ann@example.com',
        'ed25519',
        'sign',
        'never',
      );
      const unsigned = repository.commit('Unsigned', { 'desired/a.yaml': mute('conf-a') });
      const sha = sign(repository, env, ['user.signingkey=ann@example.com'], unsigned);
      const [, fingerprint = ''] =
        /^fpr:+([0-9A-F]+):/m.exec(run(folder, env, 'gpg', '--list-keys', '--with-colons')) ?? [];
      run(folder, env, 'gpgconf', '--kill', 'all');
      const signers = join(folder, 'signers');
      for (const [text, isTaken] of [
        [undefined, true],
        [`gpg ${fingerprint} Ann\n`, true],
        [`gpg ${'A'.repeat(40)}\n`, false],
        ['ann@example.com ssh-ed25519 AAAA\n', false],
      ] as const) {
        if (text !== undefined) writeFileSync(signers, text);
        const daemon = follow({
          env,
          requireSigned: true,
          ...(text === undefined ? {} : { allowedSigners: signers }),
        });
        const seen = await daemon.look();
        expect([text, seen.revision]).toEqual([text, isTaken ? sha : '']);
        await daemon.stop();
      }
      const nobody = join(folder, 'nobody');
      mkdirSync(nobody, { mode: 0o700 });
      const seen = await follow({ env: { GNUPGHOME: nobody }, requireSigned: true }).look();
      expect(seen.obstacles.map(({ kind, message }) => `${kind} ${message}`).join()).toMatch(
        /^unsigned .*import it/,
      );
    },
  );
});
