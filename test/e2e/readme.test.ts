/**
 * Keeps the README true: its examples are run, its flags are those of `--help`, its links lead somewhere.
 * `HOLDFAST_GOLDEN=update` writes what was printed into the page.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { Assumptions } from '../../src/catapult/assumptions.js';
import { configKeys } from '../../src/cli/config.js';
import { settingNames } from '../../src/conference/settings.js';
import { blocksIn, withBodies, type Block } from './support/readme-blocks.js';
import { runExample } from './support/readme-example.js';

const page = readFileSync('README.md', 'utf8');
const blocks = blocksIn(page);
const printed = new Map<Block, string>();
const run = promisify(execFile);

afterAll(() => {
  if (process.env['HOLDFAST_GOLDEN'] === 'update') writeFileSync('README.md', withBodies(page, printed));
});

describe('the examples of the README', () => {
  const names = [...new Set(blocks.map(({ example }) => example))];

  it('are all found', () => {
    expect(names.length).toBeGreaterThan(3);
    expect(blocks.length).toBe(page.match(/<!-- example/g)?.length);
  });

  it.concurrent.each(names)('%s prints what the page says', async (name) => {
    const own = blocks.filter(({ example }) => example === name);
    const bodies = await runExample(own);
    for (const [block, body] of bodies) printed.set(block, body);
    if (process.env['HOLDFAST_GOLDEN'] === 'update') return;
    const hint = `${name}: HOLDFAST_GOLDEN=update writes the page anew`;
    expect([...bodies.values()].join('\n'), hint).toBe(own.map(({ body }) => body).join('\n'));
  });

  it.concurrent('compile, where they are programs', async ({ expect }) => {
    const programs = blocks.filter(({ language }) => language === 'js');
    expect(programs).not.toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-program-'));
    try {
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(resolve('.'), join(folder, 'node_modules', 'holdfast'));
      symlinkSync(resolve('node_modules/@types'), join(folder, 'node_modules', '@types'));
      for (const [index, { body }] of programs.entries()) writeFileSync(join(folder, `${index}.mts`), body);
      const files = programs.map((_program, index) => `${index}.mts`);
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
      ];
      await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...options, ...files], {
        cwd: folder,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the reference of the README', () => {
  const commands = [
    'validate',
    'fmt',
    'import',
    'schema',
    'plan',
    'apply',
    'watch',
    'status',
    'explain',
    'history',
    'sandbox',
    'completion',
  ];
  const withoutCommon = ['validate', 'fmt', 'schema', 'sandbox', 'completion'];

  it.concurrent.each(commands)('names the flags of %s, all and no others', async (command) => {
    const { stdout: help } = await run(process.execPath, ['dist/main.cjs', command, '--help']);
    const own = flagsIn(section(`### \`holdfast ${command}`));
    const common = withoutCommon.includes(command) ? [] : flagsIn(section('### Common flags'));
    expect([...own, ...common].sort()).toEqual(helpFlags(help).sort());
  });

  it('names the commands, all and no others', () => {
    const headings = [...page.matchAll(/^### `holdfast (\w+)/gm)].map(([, command]) => command);
    expect(headings).toEqual(commands);
  });

  it.each([
    ['settings', '### Settings of a conference', settingNames],
    ['keys of the settings file', '### Settings file', configKeys],
  ] as const)('names the %s, all and no others', (_what, heading, known) => {
    expect(firstCells(section(heading))).toEqual([...known]);
  });

  it('names the assumptions with their values, all and no others', () => {
    const rows = Object.entries(Assumptions.props).map(
      ([key, { values }]) => `| \`${key}\` | ${values.map((value) => `\`${value}\``).join(', ')} |`,
    );
    expect(section('### What is assumed of the API').match(/^\| `.*$/gm)).toEqual(rows);
  });
});

describe('the links of the README', () => {
  const targets = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

  it('lead to files that exist', () => {
    const files = targets.filter((target) => !/^(https?:|#)/.test(target));
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(file.replace(/#.*$/, '')))).toEqual([]);
  });

  it('lead to headings that exist', () => {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => `#${slug(heading)}`);
    const inside = targets.filter((target) => target.startsWith('#'));
    expect(inside.filter((target) => !anchors.includes(target))).toEqual([]);
  });
});

/** A heading's text up to the next heading of any level; the heading may go on. */
const section = (heading: string): string => {
  const [, rest] = page.split(`\n${heading}`);
  if (rest === undefined) throw new Error(`the README has no section ${heading}`);
  return rest.split(/\n#{2,} /)[0] ?? '';
};

const firstCells = (text: string): readonly string[] =>
  [...text.matchAll(/^\| `([^`]+)`[^|]*\|/gm)].map(([, cell = '']) => cell);

const flagsIn = (text: string): readonly string[] =>
  firstCells(text).flatMap((cell) => /^--[a-z-]+/.exec(cell) ?? []);

const helpFlags = (help: string): string[] =>
  [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)]
    .map(([, flag = '']) => flag)
    .filter((flag) => flag !== '--help');

/** As GitHub makes anchors. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
