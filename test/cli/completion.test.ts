/** Completion in real shells. Where a shell is not installed, only the text of its script is compared (`test/render`). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../support/in-process.js';
import { canRun, offeredBy, type Shell } from '../support/shells.js';

const root = mkdtempSync(join(tmpdir(), 'holdfast-completion-'));
const folder = join(root, 'folder');

beforeAll(() => {
  for (const name of ['rooms', 'two words', 'plan']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['a.json', 'b c.json']) writeFileSync(join(folder, name), '');
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

const scriptFor = async (shell: string): Promise<string> => (await runHere(['completion', shell], {})).out;

const helpOf = async (...words: readonly string[]): Promise<string> =>
  (await runHere([...words, '--help'], {})).out;

/** The names of commands, or of flags, in the first column of a help. */
const named = (help: string, pattern: RegExp): readonly string[] =>
  [...help.matchAll(pattern)].flatMap(([, found = '']) => found.split(', ')).sort();

const flagsIn = (help: string): readonly string[] => named(help, /^ {2}((?:-\w, )?--[a-z-]+)/gm);

const commandsIn = (help: string): readonly string[] => {
  const [, section = ''] = /\nCommands:\n((?:.+\n)+)/.exec(help) ?? [];
  return named(section, /^ {2}([a-z]+)\b/gm);
};

const directories = ['plan', 'rooms', 'two words'];
const paths = ['a.json', 'b c.json', ...directories];

const table: readonly (readonly [string, readonly string[]])[] = [
  ['holdfast va', ['validate']],
  ['holdfast --version va', ['validate']],
  ['holdfast completion ', ['bash', 'fish', 'zsh']],
  ['holdfast help st', ['status']],
  ['holdfast validate --for', ['--format']],
  ['holdfast validate --format ', ['github', 'json', 'text']],
  ['holdfast validate --format=', ['github', 'json', 'text']],
  ['holdfast plan --format m', ['markdown']],
  ['holdfast plan --format=m', ['markdown']],
  ['holdfast apply --format m', []],
  ['holdfast apply --on-remove re', ['release', 'reset']],
  ['holdfast watch rooms --drift he', ['heal']],
  ['holdfast watch --listen 127.0.0.1:9464 --drift=', ['heal', 'ignore', 'report']],
  ['holdfast sandbox --log-format ', ['json', 'pretty']],
  ['holdfast sandbox --assume emptyT', ['clear', 'reject', 'set']],
  ['holdfast sandbox --assume emptyTag=', ['clear', 'reject', 'set']],
  ['holdfast plan --rate ', []],
  ['holdfast plan --state sqlite:x.db --format te', ['text']],
  ['holdfast nothing ', []],
  ['holdfast validate ', directories],
  ['holdfast plan --full roo', ['rooms']],
  ['holdfast apply ', paths],
  ['holdfast plan --out ', paths],
  ['holdfast plan --out=a', ['a.json']],
  ['holdfast explain conf-1 ', directories],
];

describe.each<Shell>(['bash', 'zsh', 'fish'])('%s', (shell) => {
  const type = async (lines: readonly string[]): Promise<readonly (readonly string[])[]> => {
    const home = mkdtempSync(join(root, `${shell}-`));
    return offeredBy(shell, { completion: await scriptFor(shell), home, folder, lines });
  };

  it.skipIf(!canRun(shell))('offers what may stand there', async () => {
    const lines = table.map(([line]) => line);
    const offered = await type(lines);
    expect(lines.map((line, index) => [line, offered[index]])).toEqual(table);
  });

  it.skipIf(!canRun(shell))('offers every command and every flag of it, as the help has them', async () => {
    const commands = commandsIn(await helpOf());
    expect(commands).toContain('completion');
    const withHelp = commands.filter((command) => command !== 'help');
    const flags = await Promise.all(withHelp.map(async (command) => flagsIn(await helpOf(command))));
    const offered = await type([
      'holdfast ',
      'holdfast -',
      ...withHelp.map((command) => `holdfast ${command} -`),
    ]);
    expect(offered).toEqual([commands, flagsIn(await helpOf()), ...flags]);
  });
});

describe('holdfast completion', () => {
  it('says of a shell that it does not know which it knows', async () => {
    expect(await runHere(['completion', 'tcsh'], {})).toEqual({
      code: 1,
      out: '',
      err: 'error: SHELL: "tcsh" is not known: write bash, zsh or fish\n',
    });
  });

  it('has words for every flag that takes one of some', async () => {
    const script = await scriptFor('zsh');
    expect(script).toContain(':FORMAT:(text json github)');
    expect(script).not.toMatch(/:(FORMAT|WHAT|SHELL|command): /);
  });
});
