/** `sandbox`: a Catapult on this machine, that holdfast itself is run against. */
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { scriptedApi } from '../support/scripted-api.js';
import type { SandboxAnswer, SandboxProcess } from '../support/sandbox-process.js';

const declare = ({ write }: Bench, ids: readonly string[], settings: string): void =>
  write('desired/a.yaml', ['conferences:', ...ids.map((id) => `  ${id}: { ${settings} }`), ''].join('\n'));

/** So many at once that a limit refuses some of them, however slowly they are answered. */
const firstRefusal = async ({ request }: SandboxProcess): Promise<SandboxAnswer> => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => request('GET', '/conferences/conf-x')));
  const refused = answers.find(({ status }) => status === 429);
  if (refused === undefined) throw new Error(`no 429: ${answers.map(({ status }) => status).join()}`);
  return refused;
};

const create = async ({ createConference }: SandboxProcess, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  while (ids.length < count) ids.push(await createConference());
  return ids;
};

describe.concurrent('sandbox', () => {
  it('is brought to what is declared, refuses what is not documented, and stops when told', async ({
    bench,
  }) => {
    const sandbox = await bench.sandbox(['--rate', 'unlimited']);
    const [first = '', second = ''] = await create(sandbox, 2);
    bench.write(
      'desired/a.yaml',
      `conferences:\n  ${first}: { mute: true, tag: x, callbackTimeout: 2000 }\n  ${second}: { state: completed }\n  conf-nowhere: { mute: true }\n`,
    );
    const args = ['apply', '--yes', '--endpoint', sandbox.endpoint, '--rate', 'unlimited'];
    const { code, stdout } = await bench.run(args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/conf-nowhere.*missing.*conference-not-found/);
    expect(await sandbox.getConference(first)).toMatchObject({ mute: true, tag: 'x', callbackTimeout: 2000 });
    expect(await sandbox.getConference(second)).toMatchObject({ state: 'completed' });
    expect((await sandbox.request('GET', '/conferences')).status).toBeGreaterThanOrEqual(400);
    expect(await sandbox.request('POST', `/conferences/${second}`, { mute: true })).toMatchObject({
      status: 403,
      json: { code: 'conference-error' },
    });
    const nobody = await fetch(`${sandbox.endpoint}/v1/users/u-test/conferences/${first}`);
    expect(nobody.status).toBe(401);
    await nobody.text();
    sandbox.process.signal('SIGINT');
    expect((await sandbox.process.ended).code).toBe(130);
  });

  it('limits the rate as the API does, and holdfast keeps to it', async ({ bench }) => {
    const sandbox = await bench.sandbox(['--rate', '2']);
    const id = await sandbox.createConference();
    const { headers } = await firstRefusal(sandbox);
    const reset = Number(headers.get('x-ratelimit-reset'));
    expect(Math.abs(reset - Date.now())).toBeLessThan(60_000);
    declare(bench, [id, 'conf-a', 'conf-b'], 'mute: true');
    const { stdout } = await bench.run(['apply', '--yes', '--endpoint', sandbox.endpoint, '--rate', '2']);
    expect(stdout).toContain('1 change applied, 2 failed');
    expect(stdout).not.toContain('429');
  });

  it('with faults still ends as declared, and the same seed makes the same faults', async ({ bench }) => {
    const faults = ['--rate', 'unlimited', '--fault', '500:0.3,reset:0.2', '--seed', '7'];
    const [one, other] = await Promise.all([bench.sandbox(faults), bench.sandbox(faults)]);
    const statuses = async ({ request }: SandboxProcess): Promise<readonly unknown[]> => {
      const seen: unknown[] = [];
      for (let index = 0; index < 20; index += 1) {
        seen.push(
          await request('GET', '/conferences/conf-x').then(
            ({ status }) => status,
            () => 'reset',
          ),
        );
      }
      return seen;
    };
    const seen = await statuses(one);
    expect(new Set(seen)).toEqual(new Set([404, 500, 'reset']));
    expect(await statuses(other)).toEqual(seen);
  });

  it('that loses every answer executes the call all the same', async ({ bench }) => {
    const sandbox = await bench.sandbox(['--rate', 'unlimited', '--fault', 'lost:1']);
    await expect(sandbox.request('POST', '/conferences', { from: '+15551234567' })).rejects.toThrow();
    await sandbox.process.event(({ kind }) => kind === 'Unanswered');
    expect(sandbox.process.events()).toContainEqual(
      expect.objectContaining({ event: 'sandbox', fault: 'lost' }),
    );
  });

  it('honours --assume, and says what is wrong with flags all at once', async ({ bench }) => {
    const assume = ['--assume', 'location=relative', 'rateResetHeader=absent'];
    const sandbox = await bench.sandbox(['--rate', '1', ...assume]);
    const { headers } = await sandbox.request('POST', '/conferences', { from: '+15551234567' });
    expect(headers.get('location')).toMatch(/^\/v1\/users\/u-test\/conferences\/conf-/);
    const limited = await firstRefusal(sandbox);
    expect(limited.headers.get('x-ratelimit-reset')).toBeNull();
    const wrong = await bench.run([
      ...['sandbox', '--port', '70000', '--rate', 'fast', '--latency', '-1', '--seed', 'x'],
      ...['--fault', '200:2', '--assume', 'location=moon'],
    ]);
    expect(wrong.code).toBe(1);
    for (const flag of ['port', 'rate', 'latency', 'seed', 'fault', 'assume']) {
      expect(wrong.stderr).toContain(`--${flag}:`);
    }
  });

  it('says when its port is in use', async ({ bench }) => {
    const api = await scriptedApi();
    const { port } = new URL(api.endpoint);
    const { code, stderr } = await bench.run(['sandbox', '--port', port]);
    await api.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${port} is in use.*--port`));
  });
});
