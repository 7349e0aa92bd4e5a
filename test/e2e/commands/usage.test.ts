/** Wrong usage: every mistake is told at once, in words that help, and nothing is sent. */
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { credentials, secrets } from '../support/holdfast-process.js';
import { parseRecord } from '../support/json.js';

const declare = ({ write }: Bench): void =>
  write('desired/a.yaml', 'conferences:\n  conf-1:\n    mute: true\n');

describe.concurrent('wrong usage', () => {
  it('of a flag or a command gets a suggestion', async ({ bench }) => {
    declare(bench);
    for (const [args, expected] of [
      [['plan', '--formt', 'json'], /unknown option '--formt'[^]*--format/],
      [['aply'], /unknown command 'aply'[^]*apply/],
      [['plan', 'desired', 'other'], /too many arguments|other/],
      [['apply', '--force'], /--force/],
    ] as const) {
      const { code, stdout, stderr } = await bench.run(args);
      expect(code, args.join(' ')).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(expected);
    }
  });

  it('of values is told all at once', async ({ bench }) => {
    declare(bench);
    const { code, stderr } = await bench.run([
      ...['plan', '--rate', '0', '--on-remove', 'forget', '--max-complete', '-1', '--log-format', 'xml'],
      ...[
        '--max-audience',
        '1.5',
        '--format',
        'html',
        '--state',
        'mysql:there',
        '--endpoint',
        'http://api.example.com',
      ],
    ]);
    expect(code).toBe(1);
    for (const said of [
      '--rate',
      '--on-remove',
      '--max-complete',
      '--max-audience',
      '--log-format',
      '--format',
      '--state',
      '--endpoint',
    ]) {
      expect(stderr).toContain(`${said}:`);
    }
    expect(stderr).toMatch(/https:\/\/api\.example\.com/);
  });

  it('of the environment names each variable, and sends nothing', async ({ bench }) => {
    declare(bench);
    const api = await bench.api();
    const env = { BANDWIDTH_API_ENDPOINT: api.endpoint };
    const missing = await bench.run(['apply', '--yes'], {
      ...env,
      BANDWIDTH_USER_ID: undefined,
      BANDWIDTH_API_TOKEN: undefined,
      BANDWIDTH_API_SECRET: undefined,
    });
    expect(missing.code).toBe(1);
    for (const name of Object.keys(credentials)) expect(missing.stderr).toContain(name);
    const empty = await bench.run(['apply', '--yes'], { ...env, BANDWIDTH_API_SECRET: '' });
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain('BANDWIDTH_API_SECRET');
    expect(empty.stderr).not.toContain('BANDWIDTH_API_TOKEN');
    const plain = await bench.run(['apply', '--yes'], { BANDWIDTH_API_ENDPOINT: 'http://192.0.2.1:80' });
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/BANDWIDTH_API_ENDPOINT.*https/);
    expect(api.requests).toEqual([]);
  });

  it('of holdfast.yaml is told with the place: unknown, secret and single-run keys', async ({ bench }) => {
    declare(bench);
    bench.write('holdfast.yaml', `maxComplet: 3\nrate: fast\ntoken: ${secrets.token}\nforce: because\n`);
    const { code, stderr } = await bench.run(['plan']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holdfast\.yaml:1:1:.*maxComplet.*maxComplete/);
    expect(stderr).toMatch(/holdfast\.yaml:3:1:.*(token|secret|environment)/i);
    expect(stderr).toMatch(/holdfast\.yaml:4:1:.*force/);
    bench.write('holdfast.yaml', 'rate: fast\nonRemove: 7\nmaxAudience: few\n');
    const values = await bench.run(['plan']);
    expect(values.code).toBe(1);
    expect(values.stderr).toMatch(/holdfast\.yaml:1:7: rate: .*fast/);
    expect(values.stderr).toMatch(/holdfast\.yaml:2:11: onRemove: .*7/);
    expect(values.stderr).toMatch(/holdfast\.yaml:3:14: maxAudience: "few" is not a whole number from 0/);
  });

  it('of a state that is no database leaves it as it is', async ({ bench }) => {
    declare(bench);
    const api = await bench.api();
    const garbage = 'this is no database\n'.repeat(300);
    bench.write('.holdfast/state.db', garbage);
    for (const args of [['plan'], ['status'], ['apply', '--yes', '--endpoint', api.endpoint]]) {
      const { code, stdout, stderr } = await bench.run(args);
      expect(code, args[0]).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/state\.db/);
      expect(stderr).not.toMatch(/defect|at .*\.js:\d+/);
    }
    expect(bench.read('.holdfast/state.db')).toBe(garbage);
    expect(api.requests).toEqual([]);
  });

  it('of apply with a file that is no saved plan says so', async ({ bench }) => {
    declare(bench);
    const { code, stderr } = await bench.run(['apply', 'desired/a.yaml', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no saved plan/);
  });
});

describe.concurrent('where a setting comes from', () => {
  it('is a flag, then the environment, then holdfast.yaml beside the directory, then the default', async ({
    bench,
  }) => {
    bench.write('place/desired/a.yaml', 'conferences:\n  a: { mute: true }\n  b: { mute: true }\n');
    const seconds = async (...args: readonly string[]): Promise<unknown> => {
      const { stdout } = await bench.run(['plan', 'place/desired', '--format', 'json', ...args]);
      const { summary } = parseRecord(stdout);
      return parseRecord(JSON.stringify(summary))['seconds'];
    };
    bench.write('place/holdfast.yaml', 'rate: 0.5\nstate: sqlite:from-file.db\n');
    expect(await seconds()).toBe(4);
    expect(await seconds('--rate', 'unlimited')).toBe(0);
    // The environment's state is looked at, not the file's: it is no database.
    bench.write('from-environment.db', 'no database '.repeat(100));
    const env = { HOLDFAST_STATE: 'sqlite:from-environment.db' };
    const seen = await bench.run(['plan', 'place/desired'], env);
    expect(seen.stderr).toContain('from-environment.db');
    expect((await bench.run(['plan', 'place/desired', '--state', 'sqlite:flag.db'], env)).code).toBe(0);
  });

  it('shows help and version without reading anything', async ({ bench }) => {
    bench.write('holdfast.yaml', 'broken: [');
    const help = await bench.run(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['validate', 'plan', 'apply', 'watch', 'status', 'history', 'sandbox']) {
      expect(help.stdout).toContain(command);
    }
    expect(await bench.run(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});
