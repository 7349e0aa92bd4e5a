/**
 * Secrets where they do not belong: in an endpoint, among the flags, in the settings file, in place of a folder.
 * Every way to write them there is in `test/cli/secrets.test.ts`, without a process for each.
 */
import { describe, expect } from 'vitest';
import { account, callbackUrl, endpointsWithSecrets, password, secret, token, typed } from './canaries.js';
import { it, type Guarded } from './guarded.js';

const declare = ({ write }: Guarded): void =>
  write('desired/a.yaml', JSON.stringify({ conferences: { 'conf-1': { callbackUrl } } }));

describe.concurrent('a secret where it does not belong', () => {
  it('in the endpoint is refused and not repeated', async ({ guarded }) => {
    declare(guarded);
    const [endpoint] = endpointsWithSecrets;
    const flag = await guarded.run(['plan', '--endpoint', endpoint]);
    expect([flag.code, flag.stderr.includes('endpoint')]).toEqual([1, true]);
    for (const run of [['apply', '--yes'], ['watch']]) {
      const { code, stderr } = await guarded.run(run, { BANDWIDTH_API_ENDPOINT: endpoint });
      expect([code, stderr.includes('BANDWIDTH_API_ENDPOINT')], run.join(' ')).toEqual([1, true]);
    }
    guarded.write('holdfast.yaml', `endpoint: ${endpoint}\n`);
    const written = await guarded.run(['plan'], { BANDWIDTH_API_ENDPOINT: undefined });
    expect(written.stderr).toContain('holdfast.yaml:1:11');
  });

  it('as a flag, an argument or a setting is not repeated', async ({ guarded }) => {
    declare(guarded);
    const url = `https://user:${typed}@host.example`;
    for (const args of [[`--token=${typed}`, 'plan'], ['apply', `--endpont=${url}`], [url]])
      expect((await guarded.run(args)).code, args.join(' ')).toBe(1);
    // A path is a path, whatever it looks like.
    const state = `sqlite:desired/a.yaml/${url}/state.db`;
    await guarded.run(['apply', '--yes', '--state', state, '--endpoint', 'http://127.0.0.1:1']);
    guarded.write('holdfast.yaml', `token: ${typed}\nsecret=${typed}: 1\n`);
    expect((await guarded.run(['plan'])).code).toBe(1);
  });

  it('in the reason of --force is recorded without it', async ({ guarded }) => {
    declare(guarded);
    const { endpoint } = await guarded.api();
    const args = ['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited'];
    expect((await guarded.run(args)).code).toBe(0);
    guarded.write('desired/a.yaml', '');
    const refused = await guarded.run([...args, '--on-remove', 'complete']);
    expect(refused.code).toBe(3);
    expect((await guarded.run([...args, '--format', 'json', '--on-remove', 'complete'])).code).toBe(3);
    const reason = `moved to https://user:${typed}@host.example`;
    const forced = await guarded.run([...args, '--on-remove', 'complete', '--force', reason]);
    expect(forced.code).toBe(0);
  });
});

describe.concurrent('whatever else happens', () => {
  it('a state that cannot be used is told without a secret', async ({ guarded }) => {
    declare(guarded);
    const { endpoint } = await guarded.api();
    const args = ['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited'];
    expect((await guarded.run(args)).code).toBe(0);
    const other = await guarded.run(args, { BANDWIDTH_USER_ID: 'u-other' });
    expect([other.code, other.stderr.includes('u-other')]).toEqual([1, true]);
    guarded.write('.holdfast/state.db', `no database ${'x'.repeat(5_000)}`);
    for (const run of [args, ['plan'], ['status'], ['watch', '--endpoint', endpoint]])
      expect((await guarded.run(run)).code, run[0]).toBe(1);
  });

  it('nobody who reads the output is no reason to show more', async ({ guarded }) => {
    declare(guarded);
    const { endpoint, requests } = await guarded.api();
    await guarded.runUnread(['plan', '--full']);
    await guarded.runUnread(['validate']);
    await guarded.runUnread(['apply', '--yes', '--endpoint', endpoint]);
    expect(requests).toHaveLength(1);
  });

  it('help shows no environment', async ({ guarded }) => {
    expect((await guarded.run(['apply', '--help'])).code).toBe(0);
    const { code, stderr } = await guarded.run(['apply', '--yes'], { ...account, BANDWIDTH_USER_ID: '' });
    expect([code, stderr.includes('BANDWIDTH_USER_ID')]).toEqual([1, true]);
  });

  it('a sandbox tells neither the credentials nor the passwords it is sent', async ({ guarded }) => {
    const sandbox = guarded.start(['sandbox', '--port', '0', '--rate', 'unlimited']);
    const { endpoint } = await sandbox.event(({ event }) => event === 'started');
    const url = `http://user:${password}@127.0.0.1:1/x`;
    const authorization = `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
    const ask = async (method: string, path: string, body?: string): Promise<Response> => {
      const answer = await fetch(`${String(endpoint)}/v1/users/u-canary/conferences${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
      return answer;
    };
    const made = await ask(
      'POST',
      '',
      JSON.stringify({ from: '+15551234567', callbackUrl: url, fallbackUrl: url }),
    );
    const id = made.headers.get('location')?.split('/').at(-1) ?? '';
    await ask('POST', `/${id}`, JSON.stringify({ callbackUrl: `http://user:a/${password}@127.0.0.1:1/x` }));
    await ask('POST', `/${id}?token=${typed}`, `{"tag": "${typed}`);
    await ask('POST', `/${id}`, JSON.stringify({ state: 'completed' }));
    await sandbox.event((event) => event['kind'] === 'CallbackFailed');
    sandbox.signal('SIGTERM');
    await sandbox.ended;
  });

  it.for(['json', 'pretty'])(
    'a daemon in its own sandbox tells no password (%s)',
    async (format, { guarded }) => {
      declare(guarded);
      guarded.write(
        'desired/b.yaml',
        JSON.stringify({
          conferences: { 'conf-2': { callbackUrl: `http://u:${password}@127.0.0.1:1/`, mute: true } },
        }),
      );
      const daemon = guarded.start(['watch', '--sandbox', '--rate', 'unlimited', '--log-format', format]);
      await daemon.printed('as declared');
      guarded.write('desired/b.yaml', JSON.stringify({ conferences: { 'conf-2': { state: 'completed' } } }));
      await daemon.printed('state=');
      daemon.signal('SIGTERM');
      expect((await daemon.ended).code).toBe(0);
    },
  );
});
