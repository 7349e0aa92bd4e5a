/**
 * Anything typed, set or saved: every run of the program ends with one of its exit codes and with sentences for
 * people. No account is whole, so that no run gets as far as a call; a daemon or a sandbox that starts is stopped.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configKeys } from '../../src/cli/config.js';
import { runHere } from '../support/in-process.js';
import { effort } from './effort.js';
import { mutated, yamlLike } from './hostile-text.js';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));

beforeAll(() => {
  mkdirSync(join(folder, 'desired'));
  mkdirSync(join(folder, 'empty'));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const flags: readonly string[] = [
  ...[
    '--format',
    '--detailed-exitcode',
    '--out',
    '--refresh',
    '--full',
    '--yes',
    '--force',
    '--listen',
    '--since',
    '--limit',
    '--sandbox',
  ],
  ...['--port', '--rate', '--latency', '--fault', '--seed', '--assume', '--state', '--endpoint', '--user-id'],
  ...[
    '--on-remove',
    '--max-complete',
    '--log-format',
    '--help',
    '-h',
    '--version',
    '--',
    '-',
    '--formt',
    '--token',
  ],
];

const values: readonly string[] = [
  ...[
    'text',
    'json',
    'github',
    'markdown',
    'pretty',
    'release',
    'reset',
    'complete',
    'unlimited',
    'true',
    'false',
  ],
  ...[
    '0',
    '1',
    '-1',
    '0.5',
    '1e3',
    '1e400',
    '0x10',
    'NaN',
    'Infinity',
    '99999999999999999999',
    '00',
    '1.',
    '',
    ' ',
  ],
  ...[
    'sqlite:state.db',
    'sqlite:',
    'sqlite:.',
    'sqlite::memory:',
    'sqlite:/dev/null',
    'sqlite://h/x',
    'mysql:x',
  ],
  ...[
    'sqlite:nowhere/deep/state.db',
    'sqlite:desired/a.yaml',
    'sqlite:/proc/x/y.db',
    `sqlite:${'x'.repeat(300)}`,
  ],
  ...[
    'https://api.example',
    'http://127.0.0.1:1',
    'http://api.example',
    'ftp://x',
    'https://u:p@h',
    'https://[',
    '//',
  ],
  ...['127.0.0.1:0', '[::1]:0', '127.0.0.1:65536', ':80', 'host', 'h.invalid:1', '127.0.0.1:-1'],
  ...['500:0.05,timeout:0.02', '500:2', 'lost:x', 'location=relative', 'location=x', '=', 'x'],
  ...[
    'desired',
    'empty',
    'nowhere',
    '.',
    '..',
    '/dev/null',
    'desired/a.yaml',
    'saved.json',
    'plan.json',
    '\u001b[2J',
  ],
];

const anything = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...values) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);

const argument = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...flags).map((flag) => [flag]) },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...flags), anything).map(([flag, value]) => [flag, value]),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...flags), anything).map(([flag, value]) => [`${flag}=${value}`]),
  },
  { weight: 2, arbitrary: anything.map((value) => [value]) },
);

const commands = [
  'validate',
  'schema',
  'plan',
  'status',
  'history',
  'apply',
  'watch',
  'sandbox',
  'completion',
  'help',
  'plna',
  '',
] as const;

const argv = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('validate', 'plan', 'status', 'history') },
      { weight: 1, arbitrary: fc.constantFrom(...commands) },
    ),
    fc.array(argument, { maxLength: 5 }),
  )
  .map(([command, more]) => [command, ...more.flat()])
  // A name that has to be looked up is no business of a test.
  .map((words) => words.filter((word) => !/^--listen=(?!127|\[::1\])/.test(word)));

const environment = fc.record(
  {
    BANDWIDTH_USER_ID: anything,
    BANDWIDTH_API_TOKEN: anything,
    BANDWIDTH_API_ENDPOINT: anything,
    HOLDFAST_STATE: anything,
    HOLDFAST_EVENTS_SECRET: anything,
    NODE_TLS_REJECT_UNAUTHORIZED: fc.constantFrom('0', '1', ''),
  },
  { requiredKeys: [] },
);

const settings = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom(...configKeys, 'yes', 'token', 'rat'), anything), { maxLength: 4 })
    .map((pairs) => pairs.map(([key, value]) => `${key}: ${value}\n`).join('')),
  fc
    .array(fc.tuple(fc.constantFrom(...configKeys), fc.jsonValue()), { maxLength: 3 })
    .map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
  yamlLike,
  fc.constantFrom(
    '['.repeat(60_000),
    '- '.repeat(60_000),
    '&a [*a]',
    'rate: *x',
    '? [a]\n: 1',
    '%YAML 1.1\n---\nsandbox: yes',
  ),
);

const isQuietStart = (words: readonly string[]): boolean => words.some((word) => /^--listen/.test(word));

describe('the command line', { timeout: effort(1).timeoutMs }, () => {
  const manifest = fc.option(mutated);

  it('takes whatever is typed, set and saved', async () => {
    await fc.assert(
      fc.asyncProperty(argv, environment, fc.option(settings), manifest, async (words, env, file, bytes) => {
        rmSync('holdfast.yaml', { force: true });
        if (file !== null) writeFileSync('holdfast.yaml', file);
        writeFileSync(
          'desired/a.yaml',
          bytes ?? 'conferences: {conf-1: {mute: true}, conf-2: {state: completed}}\n',
        );
        // No address but one of this machine: names would be looked up.
        if (isQuietStart(words) && words.some((word) => /h\.invalid|host/.test(word))) return;
        // A daemon or a sandbox that starts is stopped.
        const { code, out, err } = await runHere(words, env, 20);
        expect([0, 1, 2, 3, 130]).toContain(code);
        if (code === 1) expect(out + err).not.toBe('');
        if (code === 2)
          expect(words.some((word) => word.startsWith('--detailed-exitcode')) || file !== null).toBe(true);
        expect(err).not.toMatch(/^ +at .*[(:]\d|\.[jt]s:\d+:\d+|a defect in holdfast/m);
        expect(out + err).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
      { numRuns: effort(80).numRuns },
    );
  });
});
