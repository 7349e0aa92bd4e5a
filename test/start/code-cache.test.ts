import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheOf, makeLoad } from '../../src/start/code-cache.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-code-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const nobody = (): void => undefined;

/** What V8 makes of a text after it ran. Asked in another process: in this one V8 still knows the text. */
const cacheFor = (path: string): Buffer => {
  const make = [
    "const { readFileSync } = require('node:fs');",
    "const { Script } = require('node:vm');",
    'const text = readFileSync(process.argv[1], "latin1");',
    'const wrapped = `(function (exports, require, module, __filename, __dirname) {${text}\\n})`;',
    'process.stdout.write(new Script(wrapped, { filename: process.argv[1] }).createCachedData());',
  ].join('\n');
  return execFileSync(process.execPath, ['--eval', make, path]);
};

/** What a file exports, and whether V8 refused its cache; undefined: there was none. */
const loadedFrom = (path: string): readonly [unknown, boolean | undefined] => {
  let refused: boolean | undefined;
  const exported = makeLoad(path, (_, { cachedDataRejected }) => {
    refused = cachedDataRejected;
  })(path);
  return [exported, refused];
};

describe('loading with a code cache', () => {
  it('takes the cache that was made of the same text', () => {
    const path = file('same.cjs', "exports.said = 'the same';");
    writeFileSync(cacheOf(path), cacheFor(path));
    expect(loadedFrom(path)).toEqual([{ said: 'the same' }, false]);
  });

  it.each<[string, (cache: Buffer) => Buffer]>([
    ['is cut', (cache) => cache.subarray(0, cache.length / 2)],
    ['is empty', () => Buffer.of()],
    ['is noise', () => Buffer.alloc(1_000, 7)],
  ])('runs the text where the cache %s', (how, spoil) => {
    const path = file('spoilt.cjs', `exports.said = '${how}';`);
    writeFileSync(cacheOf(path), spoil(cacheFor(path)));
    expect(loadedFrom(path)).toEqual([{ said: how }, true]);
  });

  it('runs the text where there is no cache', () => {
    const path = file('without.cjs', "exports.said = 'without';");
    expect(loadedFrom(path)).toEqual([{ said: 'without' }, undefined]);
  });

  it('runs a longer text than the cache was made of', () => {
    const path = file('longer.cjs', "exports.said = 'before';");
    writeFileSync(cacheOf(path), cacheFor(path));
    writeFileSync(path, "exports.said = 'afterwards';");
    expect(loadedFrom(path)).toEqual([{ said: 'afterwards' }, true]);
  });

  it('loads each file once, and what is installed as Node does', () => {
    const path = file(
      'first.cjs',
      "exports.all = [require('./second.cjs'), require('./second.cjs')]; exports.separator = require('node:path').sep;",
    );
    file('second.cjs', 'exports.here = __filename;');
    const loaded: string[] = [];
    const all = makeLoad(path, (name) => void loaded.push(name))(path);
    expect(loaded).toEqual([path, join(folder, 'second.cjs')]);
    const second = { here: join(folder, 'second.cjs') };
    expect(all).toEqual({ all: [second, second], separator: sep });
  });

  it('runs a file again that failed, and hands out no half of it', () => {
    const path = file('retried.cjs', "exports.half = 1; require('./late.cjs'); exports.whole = 2;");
    const load = makeLoad(path, nobody);
    expect(() => load(path)).toThrow('ENOENT');
    file('late.cjs', '');
    expect(load(path)).toEqual({ half: 1, whole: 2 });
  });

  it('throws what a file throws, and what is not there', () => {
    const path = file('throws.cjs', "throw new Error('for a reason');");
    expect(() => makeLoad(path, nobody)(path)).toThrow('for a reason');
    expect(() => makeLoad(path, nobody)(join(folder, 'missing.cjs'))).toThrow('ENOENT');
  });
});
