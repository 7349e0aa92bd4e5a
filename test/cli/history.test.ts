/** `history`: what was called and forced, from the ledger alone. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecord, recordsAt, type Json } from '../e2e/support/json.js';
import { apiError, ok, scriptedApi, type ScriptedApi } from '../e2e/support/scripted-api.js';
import { runHere, type RanHere } from '../support/in-process.js';
import { aBatch, aCall, matching, right, tryToWrite } from '../ledger/sqlite-state.js';

const home = process.cwd();
let folder: string;
let api: ScriptedApi;

const run = (...words: readonly string[]): Promise<RanHere> =>
  runHere(words, {
    BANDWIDTH_USER_ID: 'u-1',
    BANDWIDTH_API_TOKEN: 't-1',
    BANDWIDTH_API_SECRET: 's-1',
    BANDWIDTH_API_ENDPOINT: api.endpoint,
  });
/** Without an account, and beside whoever writes. */
const history = (...words: readonly string[]): Promise<RanHere> => runHere(['history', ...words], {});
const callsIn = async (...words: readonly string[]): Promise<readonly Json[]> =>
  recordsAt(parseRecord((await history(...words, '--format', 'json')).out), 'calls');

const apply = async (manifest: object, ...flags: readonly string[]): Promise<number> => {
  writeFileSync('desired/a.yaml', JSON.stringify({ conferences: manifest }, null, 2));
  return (await run('apply', '--yes', '--rate', 'unlimited', ...flags)).code;
};

const hook = 'https://user:passw0rd@example.com/x';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-history-'));
  mkdirSync(join(folder, 'desired'));
  process.chdir(folder);
  api = await scriptedApi(({ conference }) =>
    conference === 'bad' ? apiError(400, 'validation-error', `Bad: ${hook}`) : ok,
  );
  expect(await apply({ good: { name: 'Weekly', mute: true, callbackUrl: hook } })).toBe(0);
  expect(await apply({ good: { name: 'Weekly', mute: true, callbackUrl: hook }, bad: { tag: 'x' } })).toBe(1);
  expect(await apply({ good: { protect: true, mute: true } })).toBe(0);
  const state = { protect: true, state: 'completed' };
  expect(await apply({ good: state }, '--force', 'office closes for good')).toBe(0);
});

afterAll(async () => {
  process.chdir(home);
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

describe('history', () => {
  it('tells each call, newest first: when, whom, what, how it ended, and why', async () => {
    const { code, out, err } = await history();
    expect([code, err]).toEqual([0, '']);
    const callback = String.raw`callbackUrl="https://user:\*\*\*@example\.com/x"`;
    const lines = [
      `${time}  good  state="completed"  applied in \\d+ ms`,
      String.raw`  dir:sha256:[0-9a-f]{12}  desired/a\.yaml:\d+:\d+  forced: "office closes for good"`,
      `${time}  forced: "office closes for good"  good`,
      '  dir:sha256:[0-9a-f]{12}',
      String.raw`${time}  bad  tag="x"  not executed: 400 validation-error: Bad: https://user:\*\*\*@example\.com/x in \d+ ms`,
      String.raw`  dir:sha256:[0-9a-f]{12}  desired/a\.yaml:\d+:\d+`,
      String.raw`${time}  good  mute=true ${callback}  applied in \d+ ms`,
      String.raw`  dir:sha256:[0-9a-f]{12}  desired/a\.yaml:\d+:\d+`,
    ];
    expect(out).toMatch(new RegExp(`^${lines.join('\n')}\n$`));
  });

  it('tells those of one conference', async () => {
    expect((await callsIn('bad')).map(({ conference }) => conference)).toEqual(['bad']);
    const { out } = await history('bad');
    expect(out).not.toContain('forced');
    expect(await history('conf-9')).toEqual({
      code: 0,
      out: 'the ledger knows no call for conf-9\n',
      err: '',
    });
  });

  it('as JSON says the same, with the whole revision', async () => {
    const { out } = await history('--format', 'json');
    expect(out).not.toContain('passw0rd');
    const json = parseRecord(out);
    expect(json).toMatchObject({ formatVersion: 1, more: false });
    const revision = matching(/^dir:sha256:[0-9a-f]{64}$/);
    expect(recordsAt(json, 'calls')).toMatchObject([
      {
        call: 3,
        conference: 'good',
        body: { state: 'completed' },
        outcome: 'applied',
        status: 200,
        revision,
      },
      { call: 2, conference: 'bad', outcome: 'not executed', status: 400, code: 'validation-error' },
      { call: 1, conference: 'good', outcome: 'applied', attempt: 1 },
    ]);
    expect(recordsAt(json, 'forced')).toMatchObject([
      { reason: 'office closes for good', conferences: ['good'] },
    ]);
  });

  it('names a conference as it was declared last', async () => {
    const state = { name: 'Weekly', protect: true, state: 'completed' };
    expect(await apply({ good: state })).toBe(0);
    expect((await callsIn('good')).map(({ name }) => name)).toEqual(['Weekly', 'Weekly']);
    expect((await history('good')).out).toContain('good  Weekly  state="completed"');
  });

  it('tells the last ones, and that there are more', async () => {
    expect((await callsIn('--limit', '2')).map(({ call }) => call)).toEqual([3, 2]);
    const { out } = await history('--limit', '1');
    expect(out).toMatch(/\n\nthe last 1 call; see more with --limit 10\n$/);
  });

  it('tells those since a moment', async () => {
    const [last] = await callsIn();
    expect(await callsIn('--since', '1h')).toHaveLength(3);
    expect((await callsIn('--since', String(last?.['at']))).map(({ call }) => call)).toEqual([3]);
    expect(await callsIn('--since', '2999-01-01')).toEqual([]);
  });

  it.each([
    [['--since', 'yesterday'], '--since: "yesterday" is no time: write how long ago, such as 30m'],
    [['--limit', '0'], '--limit: "0" is not a whole number from 1'],
    [['--limit', 'all'], '--limit: "all" is not a whole number'],
    [['--format', 'markdown'], '--format: "markdown" is not known: write text or json'],
    [['../x'], '"../x" is no id of a conference'],
    [['a', 'b'], 'too many arguments'],
  ])('%j is refused, and says what to write', async (words, message) => {
    const { code, out, err } = await history(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });

  it('works where nothing was ever applied, and creates nothing', async () => {
    const state = ['--state', 'sqlite:none/state.db'];
    expect((await history(...state)).out).toBe('the ledger knows no call\n');
    expect(await callsIn(...state)).toEqual([]);
    expect(existsSync('none')).toBe(false);
  });

  it('works while somebody else holds the state, and tells what is under way', async () => {
    const store = await right(tryToWrite('held.db'));
    await right(store.commit(aBatch({ calls: [aCall(1, { startedAtMs: Date.now() })] })));
    const { code, out } = await history('--state', 'sqlite:held.db');
    expect(code).toBe(0);
    expect(out).toContain('  conf-1  mute=true  under way\n');
    await store.close();
    expect((await history('--state', 'sqlite:held.db')).out).toContain('  no answer recorded\n');
  });
});
