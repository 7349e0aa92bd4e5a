import { isUtf8 } from 'node:buffer';
import { describe, expect } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import * as O from 'fp-ts/lib/Option.js';
import { stringify } from 'yaml';
import { settingNames, type Setting, type SettingValue } from '../../src/conference/settings.js';
import { combine } from '../../src/desired/combine.js';
import { readManifestBytes } from '../../src/desired/manifest-bytes.js';
import { isBroken } from '../../src/desired/broken-file.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import { readManifest } from '../../src/desired/read-manifest.js';

/** Pieces that make a text look like a manifest more often than chance does. */
const piece = fc.oneof(
  fc.constantFrom(
    'conferences:',
    'defaults:',
    'mute: ',
    'tag: ',
    'state: completed',
    '<<: ',
    '---',
    '%YAML 1.2',
    '!!str ',
  ),
  fc.constantFrom(
    '\n',
    '\r\n',
    '\n  ',
    '\n    ',
    '\n\t',
    ' ',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '# ',
    '"',
    "'",
    '|',
    '>',
  ),
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ', ',
    '~',
    'true',
    '1',
    'https://u:p@h',
    '\u0000',
    '\uFEFF',
    '\uD800',
    '😀',
    '\u2028',
  ),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
const manifestLike = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const url = fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

const settings = fc.record(
  {
    hold: fc.option(fc.boolean()),
    mute: fc.option(fc.boolean()),
    callbackUrl: fc.option(url),
    callbackHttpMethod: fc.option(fc.constantFrom('GET', 'POST')),
    callbackTimeout: fc.option(fc.integer({ min: 1, max: 10_000 })),
    fallbackUrl: fc.option(url),
    tag: fc.option(text),
  },
  { requiredKeys: [] },
);

const documents = fc.uniqueArray(fc.tuple(ids, settings), { selector: ([id]) => id, maxLength: 5 });

describe('readManifest', () => {
  test.prop([manifestLike], { numRuns: 300 })(
    'never throws, and every problem stands inside the text',
    (input) => {
      const { problems, declared } = readManifest('a.yaml', input);
      const lines = input.replace(/^\uFEFF/, '').split('\n');
      for (const { at, excerpt } of problems) {
        const line = lines[at.line - 1];
        expect(line).toBeDefined();
        expect(at.column).toBeGreaterThanOrEqual(1);
        expect(at.column).toBeLessThanOrEqual((line ?? '').length + 1);
        expect(excerpt).toBeDefined();
        expect(excerpt?.caret).toBeGreaterThanOrEqual(0);
        expect((excerpt?.caret ?? 0) + (excerpt?.width ?? 0)).toBeLessThanOrEqual(
          (excerpt?.line ?? '').length + 1,
        );
        expect(excerpt?.line).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }
      if (problems.some(({ severity }) => severity === 'error')) expect(declared).toEqual([]);
      const places = problems.map(({ at, rule }) => `${at.line}:${at.column} ${rule}`);
      expect(new Set(places).size).toBe(places.length);
    },
  );

  test.prop([fc.uint8Array({ maxLength: 60 })])('never throws on bytes', (bytes) => {
    const file = readManifestBytes('a.yaml', bytes);
    expect(file.problems.some(({ rule }) => rule === 'invalid-utf8')).toBe(!isUtf8(bytes));
  });

  test.prop([documents, settings, fc.boolean()])(
    'reads back what was written',
    (conferences, defaults, flow) => {
      const manifest = { defaults, conferences: Object.fromEntries(conferences) };
      const options = { collectionStyle: flow ? 'flow' : 'block', aliasDuplicateObjects: false } as const;
      const { declared, problems } = readManifest('a.yaml', stringify(manifest, options));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(declared.map(({ id }) => id).sort()).toEqual(conferences.map(([id]) => id).sort());
      const read = Object.fromEntries(declared.map((one) => [one.id, valuesOf(one.settings)]));
      const written = conferences.map(([id, own]) => [id, { ...defaults, ...own }]);
      expect(read).toEqual(Object.fromEntries(written));
    },
  );

  type Settled = Partial<Record<Setting, { readonly value: O.Option<SettingValue> }>>;
  const valuesOf = (declared: Settled): Readonly<Record<string, SettingValue | null>> =>
    Object.fromEntries(
      settingNames.flatMap((name) => {
        const setting = declared[name];
        return setting === undefined ? [] : [[name, O.toNullable(setting.value)]];
      }),
    );
});

describe('combine', () => {
  const fewIds = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 });
  const someFiles = fc.array(fc.tuple(fewIds, fc.boolean()), { maxLength: 5 }).map((files) =>
    files.map(([declared, broken], index): ManifestFile => {
      const lines = declared.map((id) => `  ${id}: {${broken ? 'mutee: 1' : ''}}\n`);
      return readManifest(`desired/${index}.yaml`, `conferences:\n${lines.join('')}`);
    }),
  );
  const shuffled = someFiles.chain((files) =>
    fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })),
  );

  test.prop([shuffled])('does not depend on the order of the files', ([files, others]) => {
    const left = combine(files);
    const right = combine(others);
    expect([...right.desired]).toEqual([...left.desired]);
    expect([...right.duplicates]).toEqual([...left.duplicates]);
    expect(right.problems).toEqual(left.problems);
  });

  test.prop([someFiles])('a conference is desired, declared twice or in no unbroken file', (files) => {
    const { desired, duplicates, problems } = combine(files);
    for (const id of ['a', 'b', 'c', 'd']) {
      const declaring = files.filter((file) => !isBroken(file) && file.declared.some((one) => one.id === id));
      const inDesired = [...desired.keys()].some((key) => key === id);
      const group = [...duplicates].find(([key]) => key === id)?.[1] ?? [];
      expect(inDesired).toBe(declaring.length === 1);
      expect(group.map(({ at }) => at.path)).toEqual(
        declaring.length > 1 ? declaring.map(({ path }) => path) : [],
      );
    }
    const mentions = files.flatMap((file) => file.seen?.ids ?? []);
    const extra = mentions.length - new Set(mentions.map(({ id }) => id)).size;
    const between = problems.filter(({ rule }) => rule === 'duplicate-conference').length;
    const within = files
      .flatMap(({ problems: own }) => own)
      .filter(({ rule }) => rule === 'duplicate-conference').length;
    expect(between - within).toBe(extra);
  });
});
