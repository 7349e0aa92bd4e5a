/** `status`: where every conference stands, from the ledger alone; and what must never be seen anywhere. */
import { existsSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it } from '../support/bench.js';
import { secrets } from '../support/holdfast-process.js';
import { parseRecord, recordsAt } from '../support/json.js';
import { apiError, ok } from '../support/scripted-api.js';

describe.concurrent('status', () => {
  it('works before anything was ever applied, and creates nothing', async ({ bench }) => {
    const { code, stdout } = await bench.run(['status']);
    expect(code).toBe(0);
    expect(stdout).not.toBe('');
    const json = await bench.run(['status', '--format', 'json']);
    expect(recordsAt(parseRecord(json.stdout), 'conferences')).toEqual([]);
    expect(existsSync(`${bench.folder}/.holdfast`)).toBe(false);
  });

  it('--watch is for a terminal', async ({ bench }) => {
    const { code, stderr } = await bench.run(['status', '--watch']);
    expect(code).toBe(1);
    expect(stderr).toContain('--format json');
  });

  it('tells what is settled and what is not, with place and reason', async ({ bench }) => {
    const api = await bench.api(({ conference }) =>
      conference === 'bad' ? apiError(400, 'validation-error', 'Bad parameters') : ok,
    );
    bench.write(
      'desired/a.yaml',
      'conferences:\n  bad: { tag: x }\n  good: { name: Weekly, mute: true }\n  over: { state: completed }\n',
    );
    await bench.run(['apply', '--yes', '--endpoint', api.endpoint, '--rate', 'unlimited']);
    const text = await bench.run(['status']);
    expect(text.stdout).toMatch(/^rejected +bad\b/m);
    expect(text.stdout).toMatch(/validation-error.*Bad parameters.*desired\/a\.yaml:2:3/);
    expect(text.stdout).toMatch(/^settled +good +Weekly +mute=true/m);
    const json = parseRecord((await bench.run(['status', '--format', 'json'])).stdout);
    expect(json['revision']).toMatch(/^dir:sha256:/);
    expect(recordsAt(json, 'conferences')).toMatchObject([
      { conference: 'bad', standing: 'rejected' },
      { conference: 'good', standing: 'settled', name: 'Weekly' },
      { conference: 'over', standing: 'settled', completed: true },
    ]);
  });

  // The bench looks for the token and the secret in every output and every file, and for the password in every output.
  it('and every other command hide token, secret and passwords, whatever happens', async ({ bench }) => {
    const hook = `https://user:${secrets.password}@example.com/hook?x=1`;
    const echo = (status: number) => apiError(status, 'callback-invalid-url', `The URL '${hook}' is bad`);
    const api = await bench.api(({ conference, authorization = '' }) => {
      if (conference === 'echo') return echo(400);
      if (conference === 'doubt') return { status: 500, text: `<p>${authorization} ${hook}</p>` };
      return ok;
    });
    bench.write(
      'desired/a.yaml',
      [
        'conferences:',
        ...['fine', 'echo'].map((id) => `  ${id}: { callbackUrl: "${hook}", name: "${hook}" }`),
        '',
      ].join('\n'),
    );
    const there = ['--endpoint', api.endpoint, '--rate', 'unlimited'];
    const seen = [
      await bench.run(['plan', ...there]),
      await bench.run(['plan', '--format', 'markdown', ...there]),
      await bench.run(['apply', '--yes', ...there]),
      await bench.run(['apply', '--yes', '--format', 'json', '--log-format', 'pretty', ...there]),
      await bench.run(['status']),
      await bench.run(['status', '--format', 'json']),
    ];
    for (const { stdout } of seen) expect(stdout).toContain('example.com/hook');
    expect(api.bodies('fine')).toEqual([{ callbackUrl: hook }]);
    const endpoint = `https://${secrets.token}:${secrets.password}@api.example.com`;
    expect((await bench.run(['plan', '--endpoint', endpoint])).code).toBe(1);
    expect((await bench.run(['plan', '--state', `postgres://u:${secrets.password}@db/x`])).code).toBe(1);
  });
});
