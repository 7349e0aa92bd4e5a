import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'holdfast-package-'));
const tarball = join(root, 'package.tgz');
const installed = join(root, 'node_modules', 'holdfast');

// As an installation does it, but for the dependencies, which are the ones of this checkout.
beforeAll(() => {
  const name = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', root], resolve('.'));
  renameSync(join(root, name.trim()), tarball);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], root);
  symlinkSync(resolve('node_modules'), join(installed, 'node_modules'));
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8' });

const packedFiles = (): readonly string[] =>
  run('tar', ['-tzf', tarball], root)
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));

const isProgram = (path: string): boolean => /^dist\/(?!.*\.test\.).+\.(c?js|d\.ts)$/.test(path);

describe('package', () => {
  it('holds what is needed to run, and nothing else', () => {
    const surplus = packedFiles().filter(
      (path) =>
        !/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/manifest\.schema\.json)$/.test(path) &&
        !isProgram(path),
    );
    expect(surplus).toEqual([]);
    expect(packedFiles()).toEqual(
      expect.arrayContaining(['LICENSE', 'dist/main.cjs', 'dist/index.js', 'dist/index.d.ts']),
    );
  });

  it('holds no module whose source is gone', () => {
    const sourceOf = (path: string): string =>
      path.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.c?js)$/, '.ts');
    const modules = packedFiles().filter((path) => isProgram(path) && !path.startsWith('dist/chunks/'));
    expect(modules.filter((path) => !existsSync(sourceOf(path)))).toEqual([]);
  });

  it('resolves by its name', () => {
    const names = run(
      'node',
      ['--eval', "import('holdfast').then((all) => console.log(Object.keys(all).join()))"],
      root,
    );
    expect(names.trim()).not.toBe('');
  });

  it('holds the schema of manifests, by its name', () => {
    const print = "console.log(JSON.stringify(require('holdfast/manifest.schema.json')))";
    const schema: unknown = JSON.parse(run('node', ['--eval', print], root));
    expect(schema).toEqual(JSON.parse(readFileSync('docs/manifest.schema.json', 'utf8')));
  });

  // fp-ts and io-ts have spellings that compile and pass vitest, and crash here.
  it('loads every module in plain Node', () => {
    const modules = packedFiles().filter((path) => path.endsWith('.js'));
    const load = modules.map((path) => `await import('./${path}');`).join('\n');
    expect(run('node', ['--input-type=module', '--eval', `${load} console.log('loaded');`], installed)).toBe(
      'loaded\n',
    );
  });

  it('starts', () => {
    const help = run(join(installed, 'dist/main.cjs'), ['--help'], root);
    expect(help).toContain('holdfast');
  });
});
