/** `import` against a real sandbox, and what an apply of it does. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConferenceId } from '../../src/conference/id.js';
import type { Body } from '../../src/conference/settings.js';
import { runHere, type RanHere } from '../support/in-process.js';
import { clientOf, sandboxWith, type TestSandbox } from '../sandbox/loopback.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string): string => join(folder, path);

const account = { BANDWIDTH_USER_ID: 'u-1', BANDWIDTH_API_TOKEN: 't', BANDWIDTH_API_SECRET: 's' };

const holdfast = (
  { endpoint }: Pick<TestSandbox, 'endpoint'>,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RanHere> =>
  runHere([...words, '--endpoint', endpoint, '--rate', 'unlimited', '--state', `sqlite:${at('state.db')}`], {
    ...account,
    ...env,
  });

const sandboxOf = async (conferences: Readonly<Record<string, Body>>): Promise<TestSandbox> => {
  const sandbox = await sandboxWith();
  for (const [id, settings] of Object.entries(conferences)) {
    if (!ConferenceId.is(id)) throw new Error(id);
    sandbox.ensure('u-1', id, settings);
  }
  return sandbox;
};

const calls = ({ reports }: TestSandbox): readonly string[] =>
  reports.flatMap((event) => (JSON.stringify(event).includes('"GET"') ? ['GET'] : []));

const rooms = {
  'conf-1': { mute: true, callbackUrl: 'https://hooks.example.com/a?b=c#d', tag: 'all: hands' },
  'conf-2': { hold: true, callbackTimeout: 2000, callbackHttpMethod: 'GET', tag: '2025' },
  'conf-3': {},
  'conf-4': { state: 'completed', mute: true },
  'conf-5': { callbackUrl: 'https://u:hunter2@hooks.example.com/', tag: 'kept' },
};

describe('import', () => {
  it('writes a manifest of what is live, which is formatted, and whose apply changes nothing', async () => {
    const sandbox = await sandboxOf(rooms);
    const client = clientOf(sandbox);
    const resources = (): Promise<readonly unknown[]> =>
      Promise.all(Object.keys(rooms).map(async (id) => (await client.get(`/conferences/${id}`)).json));
    const before = await resources();
    mkdirSync(at('desired'));
    const file = at('desired/rooms.yaml');
    const ran = await holdfast(sandbox, ['import', ...Object.keys(rooms), 'conf-1', '--out', file]);
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain(`5 conferences written to ${file}. Next: `);
    expect(ran.err).toContain('holdfast plan');
    expect(readdirSync(at('desired'))).toEqual(['rooms.yaml']);
    expect((await runHere(['fmt', '--check', at('desired')], {})).code).toBe(0);
    const applied = await holdfast(sandbox, ['apply', at('desired'), '--yes']);
    expect(applied.code).toBe(0);
    expect(await resources()).toEqual(before);
    const again = await holdfast(sandbox, ['plan', at('desired'), '--refresh', '--detailed-exitcode']);
    expect(again.code).toBe(0);
  });

  it('shows no password, and says what has to be declared by hand', async () => {
    const sandbox = await sandboxOf(rooms);
    const secret = 'x'.repeat(40);
    const { out, err, code } = await holdfast(sandbox, ['import', 'conf-5', 'conf-4'], {
      HOLDFAST_EVENTS_SECRET: secret,
    });
    expect(code).toBe(0);
    expect(out).toBe(`# As the API has it. What equals its defaults is left out.
# conf-4 has ended, and nothing of it can be changed any more: it is not declared.
conferences:
  # The callbackUrl of conf-5 holds a password or another secret, and is not shown: declare it by hand.
  conf-5:
    tag: kept
`);
    expect(err).toContain('warning: The callbackUrl of conf-5 holds a password');
    expect(err).not.toContain('hunter2');
  });

  it('does not write a secret that every output hides', async () => {
    const secret = 'y'.repeat(40);
    const sandbox = await sandboxOf({ 'conf-1': { callbackUrl: `https://a.example/hook-${secret}` } });
    const { out } = await holdfast(sandbox, ['import', 'conf-1'], { HOLDFAST_EVENTS_SECRET: secret });
    expect(out).toContain('# The callbackUrl of conf-1 holds');
    expect(out).not.toContain('***');
  });

  it('reads each id once', async () => {
    const sandbox = await sandboxOf(rooms);
    const { err } = await holdfast(sandbox, ['import', 'conf-1', 'conf-1', 'conf-3', 'conf-1']);
    expect(err.match(/^read /gm)).toHaveLength(2);
    expect(calls(sandbox).length).toBe(2);
  });

  it('names what it cannot read, writes the rest, and exits with 1', async () => {
    const sandbox = await sandboxOf(rooms);
    const { code, out, err } = await holdfast(sandbox, ['import', 'conf-none', 'conf-1']);
    expect(code).toBe(1);
    expect(out).toContain('conf-1:\n    mute: true\n');
    expect(err).toContain('conf-none could not be read: 404 conference-not-found');
    const nothing = await holdfast(sandbox, ['import', 'conf-none', '--out', at('none.yaml')]);
    expect([nothing.code, nothing.out, existsSync(at('none.yaml'))]).toEqual([1, '', false]);
  });

  it('refuses before the first call: an account that is not there, a file that is, what is no id', async () => {
    const sandbox = await sandboxOf(rooms);
    writeFileSync(at('taken.yaml'), 'mine');
    const taken = await holdfast(sandbox, ['import', 'conf-1', '--out', at('taken.yaml')]);
    expect(taken).toMatchObject({ code: 1, out: '' });
    expect(taken.err).toContain('taken.yaml: it is there already; name a new file');
    expect(readFileSync(at('taken.yaml'), 'utf8')).toBe('mine');
    const lost = await holdfast(sandbox, ['import', 'conf-1', '--out', at('no/such.yaml')]);
    expect(lost.err).toContain('there is no such folder');
    const wrong = await holdfast(sandbox, ['import', 'conf-1', 'a b', '-x']);
    expect(wrong.code).toBe(1);
    const odd = await holdfast(sandbox, ['import', 'a b', 'conf 2']);
    expect(odd.err).toMatch(/"a b" is no conference id[^]*"conf 2" is no conference id/);
    const nobody = await holdfast(sandbox, ['import', 'conf-1'], { BANDWIDTH_API_TOKEN: '' });
    expect(nobody.err).toContain('BANDWIDTH_API_TOKEN');
    expect(calls(sandbox)).toEqual([]);
  });
});
