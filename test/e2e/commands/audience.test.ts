/** People in a conference: whoever joins between plan and call is counted, and seen once more when that is delayed. */
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { parseRecord, recordsAt } from '../support/json.js';
import { apiError, ok, type ApiRequest, type Reply } from '../support/scripted-api.js';
import type { SandboxProcess } from '../support/sandbox-process.js';

const join = async ({ request }: SandboxProcess, id: string, call: string): Promise<string> => {
  const { headers } = await request('POST', `/conferences/${id}/members`, { callId: call });
  return headers.get('location')?.split('/').at(-1) ?? '';
};
const leave = ({ request }: SandboxProcess, id: string, member: string) =>
  request('POST', `/conferences/${id}/members/${member}`, { state: 'completed' });

const found = (activeMembers: number | undefined, state = 'active'): Reply => ({
  status: 200,
  json: {
    id: 'conf',
    state,
    from: '+15551234567',
    ...(activeMembers === undefined ? {} : { activeMembers }),
  },
});

const shown = ({ method, conference }: ApiRequest): string => `${method} ${conference}`;

const apply = ({ run }: Bench, endpoint: string, ...args: readonly string[]) =>
  run(['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited', ...args]);

describe.concurrent('people in a conference', () => {
  it('who join after the plan keep it open, until enough have left', async ({ bench }) => {
    const sandbox = await bench.sandbox(['--rate', 'unlimited']);
    const id = await sandbox.createConference();
    await join(sandbox, id, 'c-1');
    bench.write('desired/a.yaml', `conferences:\n  ${id}: { state: completed }\n`);
    const there = ['--endpoint', sandbox.endpoint, '--rate', 'unlimited'];
    const save = () => bench.run(['plan', '--max-audience', '1', '--out', 'plan.json', ...there]);
    const run = (...flags: readonly string[]) =>
      bench.run(['apply', 'plan.json', '--yes', ...flags, ...there]);
    const { stdout: planned } = await save();
    expect(planned).toContain('unless more than 1 person is in it');
    expect(planned).toContain('2 calls');
    const second = await join(sandbox, id, 'c-2');
    // What the plan was made with counts.
    const refused = await run();
    expect(refused.code).toBe(3);
    expect(refused.stdout).toMatch(`${id}  skipped  2 people are in it, more than the 1 that`);
    expect(refused.stderr).toContain(`desired/a.yaml:2:3: ${id}: 2 people are in it`);
    expect(refused.stderr).toContain('--force "reason"');
    expect((await sandbox.getConference(id))['state']).toBe('active');

    await leave(sandbox, id, second);
    // Unless whoever runs it says otherwise.
    await save();
    expect((await run('--max-audience', '0')).stderr).toContain('1 person is in it, more than the 0 that');
    await save();
    expect((await run()).code).toBe(0);
    expect((await sandbox.getConference(id))['state']).toBe('completed');
  });

  it('too many of them: everything else goes out, also as JSON', async ({ bench }) => {
    const crowd = new Map<string, number | undefined>([
      ['five', 5],
      ['six', 6],
      ['unknown', undefined],
      ['waits', 6],
    ]);
    const api = await bench.api(({ method, conference }) =>
      method === 'POST' ? ok : found(crowd.get(conference)),
    );
    bench.write(
      'desired/a.yaml',
      `conferences:
  five: { hold: true }
  free: { hold: false, mute: true }
  six: { state: completed }
  unknown: { hold: true }
  waits: { state: completed, whenEmpty: true }
`,
    );
    const { code, stdout, stderr } = await apply(
      bench,
      api.endpoint,
      '--max-audience',
      '5',
      '--format',
      'json',
    );
    expect(code).toBe(3);
    // On a machine that is busy a look may come twice.
    expect([...new Set(api.requests.map(shown))].sort()).toEqual([
      'GET five',
      'GET six',
      'GET unknown',
      'GET waits',
      'POST five',
      'POST free',
    ]);
    const json = parseRecord(stdout);
    expect(recordsAt(json, 'changes')).toMatchObject([
      { conference: 'five', outcome: 'applied' },
      { conference: 'free', outcome: 'applied' },
      {
        conference: 'six',
        action: 'complete',
        outcome: 'skipped',
        message: '6 people are in it, more than the 5 that --max-audience allows',
      },
      { conference: 'unknown', outcome: 'skipped' },
      { conference: 'waits', outcome: 'skipped', message: '6 people are still in it' },
    ]);
    expect(recordsAt(json, 'refused')).toMatchObject([
      { conference: 'six', at: 'desired/a.yaml:4:3' },
      {
        conference: 'unknown',
        message: 'the API does not tell how many people are in it, and --max-audience allows no more than 5',
      },
    ]);
    expect(stderr).toContain('"event":"refused"');
    expect(stderr).toContain('"audience":6');

    // Whoever gives a reason need not count people; the word in the manifest still holds.
    const before = api.requests.length;
    expect((await apply(bench, api.endpoint, '--max-audience', '5', '--force', 'fire alarm')).code).toBe(0);
    expect(api.requests.slice(before).map(shown).sort()).toEqual(['GET waits', 'POST six', 'POST unknown']);
  });

  it('are not what fails: that has the exit code', async ({ bench }) => {
    const api = await bench.api(({ method, conference }) => {
      if (method === 'GET') return found(3);
      return conference === 'bad' ? apiError(400, 'validation-error', 'no') : ok;
    });
    bench.write('holdfast.yaml', 'maxAudience: 2\n');
    bench.write('desired/a.yaml', 'conferences:\n  bad: { tag: x }\n  six: { hold: true }\n');
    const { code, stderr } = await apply(bench, api.endpoint);
    expect(code).toBe(1);
    expect(stderr).toContain('desired/a.yaml:3:3: six: 3 people are in it');
  });

  it('of one that has ended meanwhile are none', async ({ bench }) => {
    const api = await bench.api(() => found(undefined, 'completed'));
    bench.write('desired/a.yaml', 'conferences:\n  ends: { state: completed }\n');
    const { code, stdout } = await apply(bench, api.endpoint, '--max-audience', '0');
    expect([code, api.bodies()]).toEqual([0, []]);
    expect(stdout).toContain('1 change applied');
    expect((await bench.run(['status'])).stdout).toContain('1 settled');
  });

  it('who join while a 429 delays the call are seen', async ({ bench }) => {
    let looks = 0;
    let seen = (): void => undefined;
    const looked = new Promise<void>((resolve) => (seen = resolve));
    const answer = async ({ method, conference, earlier }: ApiRequest): Promise<Reply> => {
      if (method === 'GET') {
        looks += 1;
        setTimeout(seen, 50);
        return found(looks === 1 ? 0 : 1);
      }
      if (conference !== 'a-busy' || earlier > 0) return ok;
      // The first call is refused only when the audience of the other one has been seen.
      await looked;
      return { status: 429, json: {}, headers: { 'X-RateLimit-Reset': String(Date.now() + 4_000) } };
    };
    const api = await bench.api(answer);
    bench.write('desired/a.yaml', 'conferences:\n  a-busy: { mute: true }\n  b-ends: { state: completed }\n');
    // The turn of the other one comes long after the refusal, and long before its end.
    const flags = ['--endpoint', api.endpoint, '--rate', '0.4', '--max-audience', '0'];
    const { code, stderr } = await bench.run(['apply', '--yes', ...flags]);
    expect(code).toBe(3);
    expect(api.requests.map(shown)).toEqual(['POST a-busy', 'GET b-ends', 'POST a-busy', 'GET b-ends']);
    expect(stderr).toContain('1 person is in it, more than the 0');
  });
});
