/** Bytes that somebody may save as a manifest or as a settings file: valid, nearly valid, and not at all. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Plain } from './manifest-oracle.js';

export type Model = readonly {
  readonly defaults: Readonly<Record<string, Plain>>;
  readonly conferences: Readonly<Record<string, Readonly<Record<string, Plain>> | null>>;
}[];

const userInfo = fc.stringMatching(/^[A-Za-z0-9!$&()*+,;=:~._%-]{0,12}$/);
const webUrl: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTPS'),
    fc.option(userInfo),
    fc.webUrl({ withQueryParameters: true }),
  )
  .map(([scheme, user, url]) => url.replace(/^https?:\/\//, `${scheme}://${user === null ? '' : `${user}@`}`))
  .filter((url) => URL.canParse(url));

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }).filter((text) => !/\p{Cs}/u.test(text)),
  fc.constantFrom(
    '',
    '~',
    'null',
    'true',
    'no',
    '0x10',
    '1e400',
    '.nan',
    '2024-01-31',
    '<<',
    '- a',
    ' a ',
    '#',
    'a: b',
  ),
);

const flag = fc.option(fc.oneof(fc.boolean(), fc.constantFrom('true', 'false')));
const settings = {
  hold: flag,
  mute: flag,
  callbackUrl: fc.option(webUrl),
  callbackHttpMethod: fc.option(fc.constantFrom('GET', 'POST', 'get', 'Post')),
  callbackTimeout: fc.option(
    fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }).map(String)),
  ),
  fallbackUrl: fc.option(webUrl),
  tag: fc.option(anyText),
};
const words = { name: fc.option(anyText), protect: flag, suspend: flag };

const conference: fc.Arbitrary<Readonly<Record<string, Plain>>> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ...settings, ...words }, { requiredKeys: [] }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { ...settings, ...words, whenEmpty: flag, state: fc.constant('completed') },
      {
        requiredKeys: ['state'],
      },
    ),
  },
);

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/).filter((text) => text !== '__proto__');

/** Every id at most once in all documents. */
export const model: fc.Arbitrary<Model> = fc
  .uniqueArray(fc.tuple(id, fc.option(conference)), { selector: ([one]) => one, maxLength: 8 })
  .chain((entries) =>
    fc
      .array(fc.tuple(fc.nat(), fc.record(settings, { requiredKeys: [] })), { minLength: 1, maxLength: 3 })
      .map((documents) =>
        documents.map(([, defaults], index) => ({
          defaults,
          conferences: Object.fromEntries(entries.filter((_entry, at) => at % documents.length === index)),
        })),
      ),
  );

/** As somebody would write it: in blocks, in brackets, as JSON, with aliases, with Windows line ends. */
export const written = (documents: Model): fc.Arbitrary<string> =>
  fc
    .record({
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
      lineWidth: fc.constantFrom(0, 20, 80),
      json: fc.boolean(),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      mark: fc.constantFrom('', '\uFEFF'),
    })
    .map(({ json, lineEnd, mark, ...options }) => {
      const texts = documents.map((one) =>
        json ? `${JSON.stringify(one)}\n` : stringify(one, { ...options, aliasDuplicateObjects: true }),
      );
      return mark + texts.join('---\n').replaceAll('\n', lineEnd);
    });

const tokens: readonly string[] = [
  ...['\t', '\uFEFF', '\r\n', '\r', '\0', '\u2028', '\u0085', '\u001b[31m', '\u202e', '"\\uD800"', '\uFFFD'],
  ...[
    '1e400',
    '0x10',
    '0o17',
    '.nan',
    '-.inf',
    '2024-01-31',
    '2024-01-31T00:00:00Z',
    '12_000',
    '1e3',
    '+1',
    '00',
  ],
  ...[
    '!!binary aGk=',
    '!!js/function "x"',
    '!!set',
    '!!omap',
    '!!str 1',
    '!!int "1"',
    '!<tag:x>',
    '!',
    '!!null ""',
  ],
  ...['%YAML 1.1\n---\n', '%TAG ! x\n---\n', '%x\n', '---\n', '...\n', '--- |\n', '\n---', '# ', ' #'],
  ...[
    '&a ',
    '*a',
    '*a : ',
    '<<: *a\n',
    '<<: [*a, *b]\n',
    '<<: {mute: true}\n',
    '"<<": {}\n',
    '&a &b ',
    '? ',
    ': ',
    '- ',
  ],
  ...[
    '|\n',
    '>-\n',
    '|2+\n',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ', ',
    '`',
    '@',
    '  ',
    '\n',
    '\n  ',
    '\n    ',
    '\n      ',
  ],
  ...[
    'conferences:',
    'defaults:',
    'mute: ',
    'hold: ',
    'tag: ',
    'state: completed',
    'whenEmpty: true',
    'suspend: yes',
  ],
  ...[
    'callbackUrl: ',
    'https://u:p@h/',
    'https://u:p/q@h',
    'callbackTimeout: ',
    'null',
    '~',
    'on',
    'conf-1:',
    '<<<<<<<',
  ],
];

const token = fc.constantFrom(...tokens);

/** Text that looks like YAML more often than chance does. */
export const yamlLike: fc.Arbitrary<string> = fc
  .array(fc.oneof(token, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 60 })
  .map((pieces) => pieces.join(''));

type Mutation = (bytes: Uint8Array) => Uint8Array;

const at = (bytes: Uint8Array, position: number): number => Math.floor(position * (bytes.length + 1));
const position = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const slice = fc
  .tuple(position, position)
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(position, fc.nat(255)).map(
    ([where, value]): Mutation =>
      (bytes) => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[Math.min(at(bytes, where), copy.length - 1)] = value;
        return copy;
      },
  ),
  slice.map(
    ([start, end]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, start)), bytes.subarray(at(bytes, end))]),
  ),
  slice.map(
    ([start, end]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, end)), bytes.subarray(at(bytes, start))]),
  ),
  fc.tuple(position, token).map(
    ([where, inserted]): Mutation =>
      (bytes) =>
        Buffer.concat([
          bytes.subarray(0, at(bytes, where)),
          Buffer.from(inserted),
          bytes.subarray(at(bytes, where)),
        ]),
  ),
  fc.tuple(position, fc.nat(40), token).map(
    ([where, times, inserted]): Mutation =>
      (bytes) =>
        Buffer.concat([
          bytes.subarray(0, at(bytes, where)),
          Buffer.from(inserted.repeat(times)),
          bytes.subarray(at(bytes, where)),
        ]),
  ),
);

/** Valid manifests after a few slips of a pen, a disk or an editor. */
export const mutated: fc.Arbitrary<Uint8Array> = fc
  .tuple(model.chain(written), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([text, mutations]) =>
    mutations.reduce<Uint8Array>((bytes, change) => change(bytes), Buffer.from(text)),
  );

/** A short piece, over and over: where work grows faster than the text, it shows. */
export const repeated = (bytes: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', 'conferences:\n', 'conferences:\n  a: ', 'x: &a b\n', '&a [', 'a: {'),
      fc.array(fc.oneof(token, fc.constantFrom('a', 'a: ', 'mute: x', '"a"', '😀', ':', '@', '//')), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom('', ' ', '\n', '@'),
    )
    .map(([start, pieces, end]) => {
      const piece = pieces.join('');
      return start + piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes) + end;
    });
