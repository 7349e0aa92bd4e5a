/**
 * Secrets where they do not belong, written in every way; and an API that answers with them, in every way. What
 * is printed shows none of it. `test/e2e/secrets` does some of this with the built program.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  callbackUrl,
  endpointsWithSecrets,
  eventsSecret,
  eventsUrl,
  hookSecret,
  ownFiles,
  seenBelow,
  seenIn,
  typed,
} from '../e2e/secrets/canaries.js';
import { declaredWithSecrets, echoing, echoingIds, everyId, masked } from '../e2e/secrets/echoes.js';
import { scriptedApi } from '../e2e/support/scripted-api.js';
import { runHere, type RanHere } from '../support/in-process.js';

const home = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'));
  mkdirSync(join(folder, 'desired'));
  process.chdir(folder);
  writeFileSync('desired/a.yaml', JSON.stringify({ conferences: { 'conf-1': { callbackUrl } } }));
});

afterEach(() => {
  process.chdir(home);
  const seen = seenBelow(folder, ownFiles);
  rmSync(folder, { recursive: true, force: true });
  expect(seen).toEqual({});
});

const run = async (
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RanHere> => {
  const ran = await runHere(words, { ...account, ...env });
  expect(seenIn(ran.out + ran.err), `${words.join(' ')}\n${ran.out}${ran.err}`).toEqual([]);
  return ran;
};

const formats = [
  ['history'],
  ['history', '--format', 'json'],
  ['status'],
  ['status', '--format', 'json'],
  ['plan', '--full'],
  ['plan', '--format', 'json'],
  ['plan', '--format', 'markdown'],
];

const url = `https://user:${typed}@host.example`;

describe('a secret where it does not belong', () => {
  it.each(endpointsWithSecrets)('in an endpoint is refused and not repeated: %s', async (endpoint) => {
    const flag = await run(['plan', '--endpoint', endpoint]);
    expect([flag.code, flag.err.includes('endpoint')]).toEqual([1, true]);
    for (const command of [
      ['apply', '--yes'],
      ['watch'],
      ['status'],
      ['plan', '--refresh', '--out', 'saved.json'],
    ]) {
      const { code, err } = await run(command, { BANDWIDTH_API_ENDPOINT: endpoint });
      expect([code, err.includes('BANDWIDTH_API_ENDPOINT')], command.join(' ')).toEqual([1, true]);
    }
  });

  it.each([
    [`--token=${typed}`, 'plan'],
    ['plan', `--api-secret=${typed}`],
    ['plan', `-p${typed}`],
    ['apply', `--endpont=${url}`],
    [url],
    ['plan', url],
    ['apply', '--yes', `${url}/x.git`],
    ['watch', '--listen', `user:${typed}@127.0.0.1:80`],
    ['plan', '--rate', url],
    ['plan', '--out', `/nowhere/${url}`],
    ['sandbox', '--fault', url],
  ])('as a flag or an argument is not repeated: %s %s %s', async (...words) => {
    expect((await run(words)).code).toBe(1);
  });

  // A path is a path, whatever it looks like.
  it.each([
    ['plan', '--state', `sqlite:${url}/state.db`],
    [
      'apply',
      '--yes',
      '--state',
      `sqlite:desired/a.yaml/${url}/state.db`,
      '--endpoint',
      'http://127.0.0.1:1',
    ],
    ['status', '--state', `sqlite://${url}`],
    ['help', url],
  ])('in a path is not repeated: %s %s %s %s', async (...words) => {
    await run(words);
  });

  it.each([
    `token: ${typed}\nsecret=${typed}: 1\n`,
    `{endpoint:${url}}\n`,
    `rate: ${url}\n`,
    `state: ${url}\n`,
    `"${url}": 1\n`,
    `rate: !${url}/x [1]\n`,
  ])('in the settings file is not repeated: %j', async (text) => {
    writeFileSync('holdfast.yaml', text);
    expect((await run(['plan'])).code).toBe(1);
  });

  it.each(['', 'validate', 'plan', 'apply', 'watch', 'status', 'sandbox'])(
    'in the environment is not in the help of %j',
    async (command) => {
      expect((await run([command, '--help'].filter((word) => word !== ''))).code).toBe(0);
    },
  );
});

const untold = { HOLDFAST_EVENTS_SECRET: '' };

describe('the secret for events', () => {
  it.each([
    ['a run that knows it', {}],
    ['a run that does not', untold],
  ])('as part of a callbackUrl is shown in no format by %s', async (_run, env) => {
    const api = await scriptedApi(({ body, earlier }) => ({
      status: earlier === 0 ? 400 : 200,
      json: { code: 'x', message: `no ${JSON.stringify(body)}`, details: [] },
    }));
    const settings = { callbackUrl: eventsUrl, tag: `see ${eventsUrl}`, name: eventsUrl };
    writeFileSync('desired/a.yaml', JSON.stringify({ conferences: { 'conf-1': settings } }));
    try {
      for (const expected of [1, 0, 0]) {
        const apply = ['apply', '--yes', '--rate', 'unlimited', '--endpoint', api.endpoint];
        expect((await run([...apply, '--format', 'json'], env)).code).toBe(expected);
        for (const words of [...formats, ['validate', '--format', 'json']])
          expect((await run(words, env)).code, words.join(' ')).toBe(0);
      }
      expect(api.bodies()).toHaveLength(2);
    } finally {
      await api.close();
    }
  });

  it('as part of any other address is hidden where it is known', async () => {
    const callback = `https://proxy.example.com/hooks-of/${eventsSecret}/x`;
    writeFileSync('desired/a.yaml', JSON.stringify({ conferences: { 'conf-1': { callbackUrl: callback } } }));
    for (const words of formats.slice(4))
      expect((await run(words)).out, words.join(' ')).toContain('proxy.example.com/hooks-of/');
  });

  it.each([`${eventsSecret}/`, `${eventsSecret},`, `${eventsSecret}, short`, `é${eventsSecret}`])(
    'is not repeated where it is wrong: %s',
    async (wrong) => {
      const { code, err } = await run(['watch', '--sandbox'], { HOLDFAST_EVENTS_SECRET: wrong });
      expect(code).toBe(1);
      expect(err).toContain('HOLDFAST_EVENTS_SECRET');
      expect(err).toContain('openssl rand -hex 32');
      expect(err).not.toContain('short');
    },
  );

  it.each([
    ['watch', `--events-secret=${eventsSecret}`],
    ['watch', '--events-secret', eventsSecret],
    ['watch', `--hook-secret=${hookSecret}`],
    ['plan', hookSecret.slice(0, -4)],
    ['plan', eventsUrl],
    ['watch', '--listen', eventsUrl],
  ])('is not repeated where it is typed: %s %s %s', async (...words) => {
    expect((await run(words, untold)).code).toBe(1);
  });
});

describe('an API that refuses every call', () => {
  it('is shown in every format, in every way of telling secrets', async () => {
    const api = await scriptedApi(echoing(400));
    writeFileSync('desired/a.yaml', declaredWithSecrets(everyId));
    const there = ['--rate', 'unlimited', '--endpoint', api.endpoint];
    try {
      for (const words of [
        ['apply', '--yes', ...there, '--format', 'json'],
        ['apply', '--yes', ...there, '--log-format', 'pretty', '--full'],
        ...formats,
      ])
        expect(masked((await run(words)).out), words.join(' ')).toBe(true);
    } finally {
      await api.close();
    }
  });
});

describe('an API that refuses the whole account', () => {
  it.each([401, 403, 404, 302, 307])('with %d, in every way of telling secrets', async (status) => {
    const api = await scriptedApi(echoing(status));
    const there = ['--rate', 'unlimited', '--endpoint', api.endpoint];
    try {
      for (const [index, id] of echoingIds.entries()) {
        writeFileSync('desired/a.yaml', declaredWithSecrets([id]));
        const { out, err } = await run([
          ...['apply', '--yes', ...there, '--log-format', index % 2 === 0 ? 'json' : 'pretty'],
        ]);
        expect(masked(out + err), id).toBe(true);
      }
      writeFileSync('desired/a.yaml', declaredWithSecrets(echoingIds));
      await run(['plan', '--refresh', ...there]);
    } finally {
      await api.close();
    }
  });
});
