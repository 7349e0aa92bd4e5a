/** A glimpse against a look at everything, over real files. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDirectorySource, type DirectorySource } from '../../src/source/directory.js';
import type { Glimpse, Observation } from '../../src/source/observation.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-glimpse-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const manifest = (id: string, tag = 'one'): string => `conferences:\n  ${id}:\n    tag: ${tag}\n`;

const write = (relative: string, text: string): void => {
  mkdirSync(dirname(join(root, relative)), { recursive: true });
  writeFileSync(join(root, relative), text);
};

const named = (source: DirectorySource, ...names: readonly string[]): Promise<O.Option<Glimpse>> => {
  for (const name of names) source.noticed(O.some(join(root, name)));
  return source.glimpse();
};

const afresh = (): Promise<Observation> => makeDirectorySource(root).observe();

const filesIn = (glimpse: O.Option<Glimpse>): readonly string[] =>
  O.isSome(glimpse) ? glimpse.value.files.map(({ path }) => path.slice(root.length + 1)) : ['not enough'];

const seen = async (): Promise<DirectorySource> => {
  write('a.yaml', manifest('conf-a'));
  write('sub/b.yml', manifest('conf-b'));
  const source = makeDirectorySource(root);
  await source.observe();
  return source;
};

describe('a glimpse finds', () => {
  it('what was named and has changed, and the revision of the whole', async () => {
    const source = await seen();
    write('sub/b.yml', manifest('conf-b', 'two'));
    const glimpse = await named(source, 'sub/b.yml', 'a.yaml');
    const { files, revision } = await afresh();
    expect(glimpse).toStrictEqual(O.some({ revision, files: [files[1]] }));
  });

  it('nothing where nothing has changed', async () => {
    const source = await seen();
    expect(filesIn(await named(source, 'a.yaml'))).toStrictEqual([]);
  });

  it('a manifest that was saved by rename, whatever the other name was', async () => {
    const source = await seen();
    write('a.yaml.new', manifest('conf-a', 'two'));
    renameSync(join(root, 'a.yaml.new'), join(root, 'a.yaml'));
    expect(filesIn(await named(source, 'a.yaml.new', '4913', 'a.yaml'))).toStrictEqual(['a.yaml']);
  });

  it('the same files as before in a look that follows', async () => {
    const source = await seen();
    write('a.yaml', manifest('conf-a', 'two'));
    const glimpse = await named(source, 'a.yaml');
    const { files } = await source.observe();
    expect(O.isSome(glimpse) && glimpse.value.files[0]).toBe(files[0]);
  });

  it('each change once', async () => {
    const source = await seen();
    write('a.yaml', manifest('conf-a', 'two'));
    await named(source, 'a.yaml');
    expect(filesIn(await source.glimpse())).toStrictEqual(['not enough']);
  });
});

describe('a glimpse is not enough', () => {
  it.each<readonly [string, () => void, readonly string[]]>([
    ['for a manifest that is new', () => write('c.yaml', manifest('conf-c')), ['c.yaml']],
    ['beside one that is new', () => write('c.yaml', manifest('conf-c')), ['a.yaml', 'c.yaml']],
    ['for one that is gone', () => unlinkSync(join(root, 'a.yaml')), ['a.yaml']],
    ['for one that is broken', () => write('a.yaml', 'conferences: ['), ['a.yaml']],
    ['for a folder', () => undefined, ['sub']],
    ['for the directory itself', () => undefined, ['']],
    ['for what stands elsewhere', () => undefined, ['../a.yaml']],
    ['where nothing was named', () => undefined, []],
    [
      'for a link that leads nowhere',
      () => {
        unlinkSync(join(root, 'a.yaml'));
        symlinkSync('nowhere', join(root, 'a.yaml'));
      },
      ['a.yaml'],
    ],
    ['for a checkout', () => undefined, ['a.yaml', ...Array.from({ length: 40 }, (_, n) => `${n}.txt`)]],
  ])('%s', async (_, change, names) => {
    const source = await seen();
    change();
    expect(filesIn(await named(source, ...names))).toStrictEqual(['not enough']);
  });

  it('when anything may have changed', async () => {
    const source = await seen();
    source.noticed(O.none);
    expect(filesIn(await named(source, 'a.yaml'))).toStrictEqual(['not enough']);
  });

  it('before the first look, and after one that could not read everything', async () => {
    write('a.yaml', manifest('conf-a'));
    const source = makeDirectorySource(root);
    expect(filesIn(await named(source, 'a.yaml'))).toStrictEqual(['not enough']);
    symlinkSync('nowhere', join(root, 'b.yaml'));
    await source.observe();
    expect(filesIn(await named(source, 'a.yaml'))).toStrictEqual(['not enough']);
  });
});

/** With the same content, the line of one is the end of another one's. */
const paths = ['a.yaml', 'b"a.yaml', '"a.yaml'] as const;
const edit = fc.record({
  path: fc.constantFrom(...paths),
  to: fc.constantFrom('one', 'two', 'three', 'gone', 'broken'),
});

property.prop([fc.array(fc.array(edit, { maxLength: 4 }), { maxLength: 8 })], { numRuns: 40 })(
  'where all that changes is named, it finds what a look finds',
  async (moments) => {
    for (const path of paths) write(path, manifest('conf-same'));
    const source = makeDirectorySource(root);
    let files = new Map((await source.observe()).files.map((file) => [file.path, file]));
    for (const edits of moments) {
      for (const { path, to } of edits) {
        if (to === 'gone') rmSync(join(root, path), { force: true });
        else write(path, to === 'broken' ? 'conferences: [' : manifest('conf-same', to));
      }
      const glimpse = await named(source, ...edits.map(({ path }) => path));
      const expected = await afresh();
      if (O.isSome(glimpse)) {
        for (const file of glimpse.value.files) files.set(file.path, file);
        expect(glimpse.value.revision).toBe(expected.revision);
      } else files = new Map((await source.observe()).files.map((file) => [file.path, file]));
      expect([...files.values()]).toStrictEqual(expected.files);
    }
  },
);
