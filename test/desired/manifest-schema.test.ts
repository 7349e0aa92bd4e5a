/**
 * The JSON Schema of manifests and the reader of manifests have one opinion. What a schema cannot say is listed here
 * by name: the rules in `foundBy`, and the texts in `onlyTheReader` and `onlyTheSchema`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { conferenceKeys } from '../../src/desired/known-keys.js';
import { readManifest } from '../../src/desired/read-manifest.js';
import { manifestSchema } from '../../src/desired/manifest-schema.js';
import { isError, type Rule } from '../../src/desired/problem.js';
import { upTo } from '../../src/desired/value-schema.js';
import { nearlyManifest } from '../arbitrary/nearly-manifest.js';
import { expectGolden } from '../support/golden.js';
import { runHere } from '../support/in-process.js';

const schemaFile = 'docs/manifest.schema.json';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const schema = manifestSchema();
const isDocument = ajv.compile(schema);

/** Whether the schema finds it as well, or why it cannot. */
const foundBy: Readonly<Record<Rule, 'schema' | `reader: ${string}`>> = {
  'missing-directory': 'reader: no document',
  'unreadable-file': 'reader: no document',
  'file-too-large': 'reader: no document',
  'invalid-utf8': 'reader: no document',
  'not-formatted': 'reader: no document',
  'ignored-submodule': 'reader: no document',
  'yaml-syntax': 'reader: no document',
  'alias-bomb': 'reader: a document is a tree to a schema, and its size no matter',
  'duplicate-key': 'reader: a mapping has each key once, for a schema',
  'duplicate-conference': 'reader: a schema sees one document of one file',
  'password-in-url': 'reader: a warning',
  'fallback-without-callback': 'reader: a warning',
  'ignored-when-completed': 'reader: a warning',
  'not-a-mapping': 'schema',
  'unknown-key': 'schema',
  'invalid-id': 'schema',
  'invalid-name': 'schema',
  'invalid-flag': 'schema',
  'invalid-state': 'schema',
  'invalid-callback-timeout': 'schema',
  'invalid-callback-http-method': 'schema',
  'invalid-url': 'schema',
  'invalid-tag': 'schema',
  'misplaced-when-empty': 'schema',
};

const expressible = (text: string): readonly string[] =>
  readManifest('a.yaml', text)
    .problems.filter((problem) => isError(problem) && foundBy[problem.rule] === 'schema')
    .map(({ rule, at, message }) => `${at.line}:${at.column} ${rule}: ${message}`);

const documentsOf = (text: string): readonly unknown[] => {
  const documents = parseAllDocuments(text, { schema: 'core', uniqueKeys: false });
  return 'empty' in documents ? [] : documents.map((document): unknown => document.toJS());
};

/** Some tools follow `<<` before they ask the schema, to others it is a key like any other. */
const refusals = (text: string): readonly string[] => {
  for (const document of documentsOf(text).flatMap((one) => [one, followed(one)]))
    if (!isDocument(document)) return (isDocument.errors ?? []).map((error) => ajv.errorsText([error]));
  return [];
};

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the mapping says itself wins, then the first of a list. What cannot be merged stays as it is. */
const followed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(followed);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    flattened(value).map(([key, inner]) => [key, key === '<<' ? inner : followed(inner)]),
  );
};

const flattened = (mapping: object): readonly (readonly [string, unknown])[] => {
  const own = Object.entries(mapping).filter(([key]) => key !== '<<');
  const merged = Object.entries(mapping).flatMap(([key, value]: [string, unknown]) =>
    key === '<<' ? [value].flat() : [],
  );
  return [
    ...merged.toReversed().flatMap((one) => (isMapping(one) ? flattened(one) : [['<<', one] as const])),
    ...own,
  ];
};

const inConference = (line: string): string => `conferences:\n  a:\n    ${line}\n`;

describe('the schema of manifests', () => {
  test.prop([nearlyManifest], { numRuns: 600 })(
    'refuses what the reader refuses, and nothing else',
    (text) => {
      const problems = expressible(text);
      const errors = refusals(text);
      expect(errors.length > 0, `${text}\nreader: ${problems.join()}\nschema: ${errors.join()}`).toBe(
        problems.length > 0,
      );
    },
  );

  const [most, tooLong] = ['a'.repeat(128), 'a'.repeat(129)];

  it.each([
    ...['', '# nothing', 'defaults:', 'conferences: ~', 'conferences: {a: }', '{}', '---\n---\n'],
    ...['mute: true', "mute: 'false'", 'mute: ~', 'mute: "true"', 'hold: True', 'tag: ""', 'tag: "2025"'].map(
      inConference,
    ),
    ...['POST', 'get', 'pOsT', 'null'].map((value) => inConference(`callbackHttpMethod: ${value}`)),
    ...['1', '10000', '"1"', '"10000"', '"000010000"', '0x10', '2e3', '7.0', '~'].map((value) =>
      inConference(`callbackTimeout: ${value}`),
    ),
    ...['https://a', 'HTTP://user:p%40ss@a:80/?q#f', 'https://exämple.com/ü|'].map((value) =>
      inConference(`callbackUrl: ${value}`),
    ),
    ...['state: completed, whenEmpty: true', 'whenEmpty: false', 'whenEmpty: ~', 'state: ~'].map(
      (body) => `conferences: {a: {${body}}}`,
    ),
    ...['whenEmpty: true, <<: {state: completed}', 'state: completed, <<: [{whenEmpty: true}, {}]'].map(
      (body) => `conferences: {a: {${body}}}`,
    ),
    ...['mute: true, <<: {mute: 7}', '<<: [{mute: true}, {mute: 7, <<: {tag: x}}]', '<<: []'].map(
      (body) => `conferences: {a: {${body}}}`,
    ),
    `conferences: {<<: {a: {mute: true}, b: 7}, b: {mute: false}}`,
    `{<<: {defaults: {tag: x}}, conferences: {${most}: }}`,
    'defaults: {<<: {tag: x}}',
  ])('accepts, as the reader does: %s', (text) => {
    expect(expressible(text)).toEqual([]);
    expect(refusals(text)).toEqual([]);
  });

  it.each([
    ...[
      '[]',
      'text',
      '7',
      'true',
      'x: 1',
      'mute: true',
      'conferences: []',
      'conferences: text',
      'defaults: 7',
    ],
    ...['mute: yes', 'mute: 1', 'mute: [true]', 'mute: "True"', 'tag: 2025', 'tag: {}', 'name: true'].map(
      inConference,
    ),
    ...['PUT', '""', 'true', '"poſt"', '" GET"'].map((value) => inConference(`callbackHttpMethod: ${value}`)),
    ...['0', '10001', '1.5', '"0"', '"10001"', '"1.0"', '""', '"0000010000"', '" 1"', '.nan', 'true'].map(
      (value) => inConference(`callbackTimeout: ${value}`),
    ),
    ...['ftp://a', 'https://', '//a', 'a', 'https://a b', 'https://a@b@c', '""', '7'].map((value) =>
      inConference(`callbackUrl: ${value}`),
    ),
    ...['active', 'true', 'Completed', '""'].map((value) => inConference(`state: ${value}`)),
    ...[
      'whenEmpty: true',
      'whenEmpty: "true", state: ~',
      'whenEmpty: true, state: ~, <<: {state: completed}',
    ].map((body) => `conferences: {a: {${body}}}`),
    ...[
      'whenEmpty: true, <<: {mute: true}',
      '<<: {whenEmpty: true}',
      '<<: {mute: 7}',
      '<<: {mutee: true}',
    ].map((body) => `conferences: {a: {${body}}}`),
    ...['<<: ~', '<<: 7', '<<: [7]', '<<: [[{}]]', '<<: {<<: 7}', 'mute: true, <<: {mutee: 7}'].map(
      (body) => `conferences: {a: {${body}}}`,
    ),
    ...['state: completed', 'name: x', 'whenEmpty: false', 'protect: true'].map(
      (body) => `defaults: {${body}}`,
    ),
    ...['-a', '""', 'a b', 'ä', 'a/b', '_a', tooLong].map((id) => `conferences: {${id}: }`),
    'conferences: {<<: {-a: }, b: }',
    'conferences: {a: }\n---\n[]',
  ])('refuses, as the reader does: %s', (text) => {
    expect(expressible(text)).not.toEqual([]);
    expect(refusals(text)).not.toEqual([]);
  });

  const onlyTheReader: readonly (readonly [string, string, Rule])[] = [
    ['an id in two documents', 'conferences: {a: }\n---\nconferences: {a: }', 'duplicate-conference'],
    ['a key that stands twice', 'conferences: {a: {mute: true, mute: true}}', 'duplicate-key'],
    ['<< twice', 'conferences: {a: {<<: {mute: true}, <<: {hold: true}}}', 'duplicate-key'],
    ['<< in quotes', 'conferences: {a: {"<<": {mute: true}}}', 'unknown-key'],
    ['a key that is no text', 'conferences: {-0: }', 'invalid-id'],
    ['what a URL parser finds', inConference('callbackUrl: https://a:99999'), 'invalid-url'],
    ['a password', inConference('callbackUrl: https://a:b@c'), 'password-in-url'],
    ['a fallback alone', inConference('fallbackUrl: https://a'), 'fallback-without-callback'],
    ['what has no effect', 'conferences: {a: {state: completed, mute: true}}', 'ignored-when-completed'],
  ];

  it.each(onlyTheReader)('cannot find %s', (_name, text, rule) => {
    expect(readManifest('a.yaml', text).problems.map((problem) => problem.rule)).toEqual([rule]);
    expect(documentsOf(text).filter((document) => !isDocument(document))).toEqual([]);
  });

  const onlyTheSchema: readonly (readonly [string, string])[] = [
    // The reader goes by how a key is written; what tools make of it is theirs.
    ['a key that is null', 'conferences: {null: }'],
  ];

  it.each(onlyTheSchema)('refuses what the reader accepts: %s', (_name, text) => {
    expect(readManifest('a.yaml', text).problems).toEqual([]);
    expect(refusals(text)).not.toEqual([]);
  });

  it.each(conferenceKeys.keys)('says of %s what it is, and how it is written', (name) => {
    const one = annotationsOf(name);
    const isOne = ajv.compile({ ...schema, properties: { one: { $ref: `#/$defs/${name}` } } });
    expect(one.examples).not.toEqual([]);
    for (const value of [...one.examples, one.default ?? null]) expect(isOne({ one: value })).toBe(true);
  });

  it('is what the command prints, and what the package holds', async () => {
    const { code, out, err } = await runHere(['schema'], {});
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGolden(`../../${schemaFile}`, out);
  });
});

const Annotations = t.intersection([
  t.type({ title: t.string, description: t.string, examples: t.array(t.unknown) }),
  t.partial({ default: t.unknown }),
]);

const annotationsOf = (name: string): t.TypeOf<typeof Annotations> => {
  const decoded = t.type({ $defs: t.type({ [name]: Annotations }) }).decode(schema);
  const found = E.isRight(decoded) ? decoded.right.$defs[name] : undefined;
  if (found === undefined) throw new Error(`the schema does not say what ${name} is`);
  return found;
};

describe('the manifests in desired', () => {
  const files = readdirSync('desired', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('desired', name));

  it.each(files)('%s names the schema and is valid by it', (file) => {
    const text = readFileSync(file, 'utf8');
    const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(resolve(dirname(file), named)).toBe(resolve(schemaFile));
    expect(refusals(text)).toEqual([]);
  });
});

describe('a quoted number', () => {
  test.prop([fc.integer({ min: 1, max: 99_999 }), fc.nat(120_000)])(
    'is one up to the limit',
    (max, number) => {
      const isUpTo = new RegExp(`^(?:${upTo(max)})$`);
      expect(isUpTo.test(String(number))).toBe(number >= 1 && number <= max);
      expect(isUpTo.test(String(max))).toBe(true);
      expect(isUpTo.test(String(max + 1))).toBe(false);
    },
  );
});
