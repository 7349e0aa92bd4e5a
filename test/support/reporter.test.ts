import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const vitest = resolve('node_modules/vitest/vitest.mjs');
const reporter = resolve('test/support/reporter.ts');

/** Runs vitest on these files in a folder of their own; its standard output, line by line. */
const run = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-reporter-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const config = `import { closingLine } from '${reporter}';
    export default { test: { globals: true, watch: false, reporters: ['default', closingLine(7)] } };`;
  for (const [name, text] of Object.entries({ ...files, 'vitest.config.ts': config })) {
    await writeFile(join(root, name), text);
  }
  return new Promise((done) => {
    execFile(process.execPath, [vitest, 'run', '--root', root], (_error, stdout) => {
      done(stdout.trimEnd().split('\n'));
    });
  });
};

it('closes a good run with the counts, after printing the seed once', async () => {
  const lines = await run({ 'a.test.ts': "it('a', () => {}); it('b', () => {}); it.skip('c', () => {});" });
  expect(lines.at(-1)).toBe('2 passed, 0 failed, 1 skipped');
  expect(lines.filter((line) => line === 'seed: 7')).toHaveLength(1);
});

it('counts what fails outside of a test as well', async () => {
  const lines = await run({
    'passes.test.ts': "it('passes', () => {});",
    'does-not-load.test.ts': "import './nowhere.js';",
    'hook-throws.test.ts': `describe('group', () => {
      beforeAll(() => { throw new Error('hook'); });
      it('never runs', () => {});
    });`,
    'throws-late.test.ts':
      "it('throws late', () => { queueMicrotask(() => { throw new Error('late'); }); });",
  });
  expect(lines.at(-1)).toBe('2 passed, 3 failed, 1 skipped');
});

it('never closes with zero failures when the run itself fails', async () => {
  expect((await run({})).at(-1)).toBe('0 passed, 1 failed');
});
