/**
 * Texts of manifests that are valid, or would be but for a few mistakes: values of the wrong type, out of range or in
 * the wrong place, keys that nobody knows, ids that are none, `<<` with all of that.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';

const scalars = [
  ...[null, true, false, 'true', 'false', 'True', 'yes', ' true'],
  ...[0, 1, 10_000, 10_001, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY],
  ...['0', '1', '10000', '10001', '000010000', '0000010000', '1.0', '1e3', '0x10', ''],
  ...['completed', 'active', 'get', 'Post', 'PUT', 'poſt', 'a', '~', '<<'],
  ...[
    'https://a',
    'HTTP://a/b?c#d',
    'http://u:p@a',
    'https://ü/|',
    'ftp://a',
    'https://',
    'https://a b',
    'http://a@b@c',
  ],
];
const keys = [
  ...['state', 'hold', 'mute', 'callbackUrl', 'callbackHttpMethod', 'callbackTimeout', 'fallbackUrl', 'tag'],
  ...['name', 'protect', 'suspend', 'whenEmpty', 'defaults', 'conferences', 'mutee', 'Mute', '', '<<'],
];
const oddIds = [
  '',
  '-a',
  '_a',
  '.a',
  'a b',
  'a/b',
  'ä',
  '~',
  'a'.repeat(128),
  'a'.repeat(129),
  '1',
  '0x10',
  'true',
];

const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...scalars) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...scalars), { maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...scalars), { maxKeys: 2 }),
  },
);

const nearly = <A>(valid: fc.Arbitrary<A>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: valid }, { weight: 1, arbitrary: junk });

const flag = fc.constantFrom(true, false, 'true', 'false', null);
const url = fc.oneof(
  fc.constant(null),
  fc.webUrl({ withQueryParameters: true }).filter((text) => URL.canParse(text)),
);
const text = fc.option(
  fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom('7', 'true', 'a: b')),
);
const timeout = fc.integer({ min: 1, max: 10_000 });

const settings: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  hold: flag,
  mute: flag,
  callbackUrl: url,
  callbackHttpMethod: fc.constantFrom('GET', 'POST', 'get', 'pOsT', null),
  callbackTimeout: fc.option(fc.oneof(timeout, timeout.map(String))),
  fallbackUrl: url,
  tag: text,
};
const conference: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  ...settings,
  name: text,
  protect: flag,
  suspend: flag,
};

/** The settings of one mapping, now and then with a mistake. */
const body = (values: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> =>
  fc
    .tuple(
      fc
        .subarray(Object.keys(values), { maxLength: 4 })
        .chain((names) =>
          fc.tuple(
            ...names.map((name) => nearly(values[name] ?? junk).map((value) => [name, value] as const)),
          ),
        ),
      seldom(fc.tuple(fc.constantFrom(...keys), junk)),
    )
    .map(([entries, odd]) => Object.fromEntries(odd === null ? entries : [...entries, odd]));

const seldom = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null> =>
  fc.oneof({ weight: 29, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const ending: fc.Arbitrary<object> = fc
  .tuple(
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.constantFrom<object>(
          {},
          { state: 'completed' },
          { state: 'completed', whenEmpty: true },
          { state: 'completed', whenEmpty: 'true' },
          { whenEmpty: false },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom<object>({ whenEmpty: true }, { whenEmpty: 'true', state: null }),
      },
    ),
    seldom(fc.record({ state: junk, whenEmpty: flag }, { requiredKeys: [] })),
  )
  .map(([valid, odd]) => ({ ...valid, ...odd }));

/** `shared` is what the `<<` of several mappings have in common: it is written once, and then by its anchor. */
const withMerge = (own: fc.Arbitrary<object>, shared: readonly object[]): fc.Arbitrary<object> =>
  fc
    .tuple(
      own,
      fc.option(
        nearly(
          fc.oneof(
            fc.constantFrom(...shared),
            fc.subarray([...shared]),
            own,
            fc
              .tuple(own, fc.constantFrom(...shared))
              .map(([mapping, inner]) => ({ '<<': inner, ...mapping })),
          ),
        ),
        { freq: 2 },
      ),
    )
    .map(([mapping, merge]) => (merge === null ? mapping : { ...mapping, '<<': merge }));

const id = fc.oneof(
  { weight: 15, arbitrary: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/) },
  { weight: 1, arbitrary: fc.constantFrom(...oddIds) },
);

const document: fc.Arbitrary<object> = fc
  .tuple(
    body(conference),
    fc.tuple(body(conference), ending).map(([left, right]) => ({ ...left, ...right })),
    body(settings),
  )
  .chain(([first, second, third]) => {
    const own = fc.tuple(body(conference), ending).map(([left, right]) => ({ ...left, ...right }));
    const conferences = fc
      .array(fc.tuple(id, nearly(fc.option(withMerge(own, [first, second])))), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries));
    return fc.record(
      {
        defaults: nearly(fc.option(withMerge(body(settings), [third]))),
        conferences: nearly(withMerge(conferences, [{ a: first, b: null }])),
      },
      { requiredKeys: [] },
    );
  });

export const nearlyManifest: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      nearly(
        fc.oneof(
          { weight: 9, arbitrary: document },
          { weight: 1, arbitrary: withMerge(document, [{ defaults: null }]) },
        ),
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    fc.boolean(),
  )
  .map(([documents, isFlow]) =>
    documents
      .map((one) =>
        stringify(one, { collectionStyle: isFlow ? 'flow' : 'block', aliasDuplicateObjects: true }),
      )
      .join('---\n'),
  );
