/** `plan --out` and `apply FILE`: what was approved is done once, and nothing else. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiError, ok, scriptedApi, type Reply, type ScriptedApi } from '../e2e/support/scripted-api.js';
import { runHere, type RanHere } from '../support/in-process.js';

const home = process.cwd();
let folder: string;
let api: ScriptedApi;
/** What the API answers from now on, by conference. */
let answers: Record<string, Reply>;

const declare = (...lines: readonly string[]): void =>
  writeFileSync('desired/a.yaml', `conferences:\n${lines.map((line) => `  ${line}\n`).join('')}`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-saved-'));
  process.chdir(folder);
  mkdirSync('desired');
  answers = {};
  api = await scriptedApi(({ conference }) => answers[conference] ?? ok);
  declare('conf-1: { mute: true }', 'conf-2: { tag: a }', 'conf-3: { hold: true }');
});

afterEach(async () => {
  process.chdir(home);
  await api.close();
  rmSync(folder, { recursive: true });
});

const run = (words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<RanHere> =>
  runHere([...words, '--rate', 'unlimited'], {
    BANDWIDTH_USER_ID: 'u-test',
    BANDWIDTH_API_TOKEN: 't',
    BANDWIDTH_API_SECRET: 's',
    BANDWIDTH_API_ENDPOINT: api.endpoint,
    ...more,
  });

const save = async (): Promise<void> => {
  const { code, err } = await run(['plan', '--out', 'plan.json']);
  expect(code, err).toBe(0);
};

const applySaved = (more: Readonly<Record<string, string>> = {}): Promise<RanHere> =>
  run(['apply', 'plan.json', '--yes'], more);

const sent = (): readonly string[] => api.requests.map(({ conference }) => conference).sort();

it('does what was saved, and is refused the second time', async () => {
  await save();
  expect((await applySaved()).code).toBe(0);
  expect(sent()).toEqual(['conf-1', 'conf-2', 'conf-3']);
  const again = await applySaved();
  expect(again).toMatchObject({ code: 1, out: '' });
  expect(again.err).toBe(
    'error: plan.json was run already: everything in it is as it says. Make a new plan\n',
  );
  expect(sent()).toHaveLength(3);
});

it('leaves alone, by name, what is declared otherwise meanwhile, and does the rest', async () => {
  await save();
  declare(
    '# one line more',
    'conf-1: { mute: true, name: Renamed }',
    'conf-2: { tag: b }',
    'conf-4: { hold: true }',
  );
  const ran = await applySaved();
  expect(ran.code).toBe(1);
  expect(ran.err).toContain(
    'conf-2 is left alone: desired declares something else for it than when the plan was saved; make a new plan\n',
  );
  expect(ran.err).toContain('conf-3 is left alone: desired declares something else');
  expect(sent()).toEqual(['conf-1']);
});

it('leaves alone, by name, what the ledger knows otherwise meanwhile, and does the rest', async () => {
  await save();
  declare('conf-1: { mute: true }', 'conf-2: { tag: b }', 'conf-3: { hold: true }');
  expect((await run(['apply', '--yes'])).code).toBe(0);
  declare('conf-1: { mute: false }', 'conf-2: { tag: a }', 'conf-3: { hold: true }');
  expect((await run(['apply', '--yes'])).code).toBe(0);
  declare('conf-1: { mute: true }', 'conf-2: { tag: a }', 'conf-3: { hold: true }');
  const before = sent().length;
  const ran = await applySaved();
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('2 conferences of the plan are as it says already\n');
  expect(ran.err).toContain(
    'conf-1 is left alone: the ledger knows something else of it than when the plan was saved; make a new plan\n',
  );
  expect(sent()).toHaveLength(before);
});

it('does not try again, unasked, what the API refused', async () => {
  await save();
  answers = { 'conf-2': apiError(400, 'bad-request', 'no') };
  expect((await applySaved()).code).toBe(1);
  answers = {};
  const second = await applySaved();
  expect(second.code).toBe(1);
  expect(second.err).toContain('2 conferences of the plan are as it says already\n');
  expect(second.err).toContain('conf-2 is left alone: the ledger knows something else of it');
  expect(sent()).toEqual(['conf-1', 'conf-2', 'conf-3']);
});

it('goes on with what a run had not come to when it was stopped', async () => {
  await save();
  // The second call would be made after 20 s.
  const stopped = await runHere(
    ['apply', 'plan.json', '--yes', '--rate', '0.05'],
    {
      BANDWIDTH_USER_ID: 'u-test',
      BANDWIDTH_API_TOKEN: 't',
      BANDWIDTH_API_SECRET: 's',
      BANDWIDTH_API_ENDPOINT: api.endpoint,
    },
    1_000,
  );
  expect(stopped.code).toBe(130);
  expect(sent()).toEqual(['conf-1']);
  const second = await applySaved();
  expect(second, second.err).toMatchObject({ code: 0 });
  expect(second.err).toContain('1 conference of the plan is as it says already\n');
  expect(sent()).toEqual(['conf-1', 'conf-2', 'conf-3']);
});

describe('the directory', () => {
  it('need not be here: what was saved counts, which is said', async () => {
    await save();
    renameSync('desired', 'elsewhere');
    const ran = await applySaved();
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('desired is not here: the declarations that were saved count\n');
    expect(sent()).toHaveLength(3);
  });

  it('that is broken says nothing of what is declared: nothing is sent', async () => {
    await save();
    writeFileSync('desired/b.yaml', 'conferences: [');
    const ran = await applySaved();
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('desired/b.yaml:1:14: error:');
    expect(sent()).toEqual([]);
  });
});

describe('the account and the endpoint', () => {
  const refused = async (more: Readonly<Record<string, string>>, words: string): Promise<void> => {
    expect(await applySaved(more)).toMatchObject({
      code: 1,
      err: `error: plan.json was made for ${words}\n`,
    });
    expect(sent()).toEqual([]);
  };

  it('are those it was made for', async () => {
    await save();
    await refused(
      { BANDWIDTH_USER_ID: 'u-other' },
      'u-test at this machine, not for u-other at this machine',
    );
    await refused(
      { BANDWIDTH_API_ENDPOINT: 'https://api.example.com' },
      'u-test at this machine, not for u-test at https://api.example.com',
    );
  });

  it('count also when nobody had said for whom it is', async () => {
    expect((await run(['plan', '--out', 'plan.json'], { BANDWIDTH_USER_ID: '' })).code).toBe(0);
    await refused(
      { BANDWIDTH_API_ENDPOINT: 'https://api.example.com' },
      'this machine, not for https://api.example.com: name it by --endpoint',
    );
    expect((await applySaved()).code).toBe(0);
  });

  it('are those of the ledger where nobody says', async () => {
    expect((await run(['apply', '--yes'])).code).toBe(0);
    expect((await run(['plan', '--out', 'plan.json'], { BANDWIDTH_USER_ID: '' })).code).toBe(0);
    expect(readFileSync('plan.json', 'utf8')).toContain('"account": "u-test at this machine"');
  });
});
