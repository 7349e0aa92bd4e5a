import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesScope, folderIdentity, watchScope } from '../../src/source/watch-scope.js';

let base: string;
let root: string;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'watch-scope-')));
  root = join(base, 'desired');
  for (const folder of ['desired/sub', 'desired/.git', 'outside', 'later'])
    mkdirSync(join(base, folder), { recursive: true });
  for (const file of ['desired/a.yaml', 'desired/sub/b.yaml', 'outside/one.yaml', 'outside/two.yaml']) {
    writeFileSync(join(base, file), '');
  }
  symlinkSync('../outside/one.yaml', join(root, 'one.yaml'));
  symlinkSync('../../outside/two.yaml', join(root, 'sub/second.yml'));
  symlinkSync('sub/b.yaml', join(root, 'inside.yaml'));
  symlinkSync('../outside/one.yaml', join(root, 'no-manifest.txt'));
  symlinkSync('../nowhere/a.yaml', join(root, 'dangling.yaml'));
});

afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

test('every folder counts whole, the folders of link targets only for the targets', async () => {
  const scope = await watchScope(root)();
  expect([...scope].map(([path, { names }]) => [path, O.toUndefined(names)])).toEqual([
    [root, undefined],
    [join(root, 'sub'), undefined],
    [join(base, 'outside'), new Set(['one.yaml', 'two.yaml'])],
  ]);
});

test('a missing directory has no scope', async () => {
  expect(await watchScope(join(base, 'nowhere'))()).toEqual(new Map());
});

test('a folder made again under its name is another one', async () => {
  const folder = join(base, 'later');
  const before = await folderIdentity(folder)();
  expect(await folderIdentity(folder)()).toEqual(before);
  rmSync(folder, { recursive: true });
  expect(await folderIdentity(folder)()).toEqual(O.none);
  mkdirSync(folder);
  expect(await folderIdentity(folder)()).not.toEqual(before);
});

describe('an event changes the scope', () => {
  test.each<[string, O.Option<string>, boolean]>([
    ['when a manifest is saved', O.some('a.yaml'), false],
    ['when a file is gone', O.some('a.yaml~'), false],
    ['when a link is there', O.some('one.yaml'), true],
    ['when a folder is there', O.some('.git'), true],
    ['when a known folder is gone', O.some('gone'), true],
    ['when it is the folder itself', O.some('desired'), true],
    ['when it names nothing', O.none, true],
  ])('%s: %o', async (_when, event, expected) => {
    const scope = new Map([[join(root, 'gone'), { identity: 'any', names: O.none }]]);
    expect(await changesScope(scope, root, event)()).toBe(expected);
  });
});
