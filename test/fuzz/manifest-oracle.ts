/**
 * A second opinion on manifests, by other means than the reader's: plain values from the YAML library, a JSON
 * Schema, and the few rules that no schema can say. It has no places and no words, and it may be unsure.
 */
import { isUtf8 } from 'node:buffer';
import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';

export type Plain = boolean | number | string | null;

/** By id: every setting and word that is declared, after defaults, in its normal form. */
export type Declared = Readonly<Record<string, Readonly<Record<string, Plain>>>>;

export type Opinion =
  | { readonly _tag: 'Valid'; readonly declared: Declared }
  | { readonly _tag: 'Invalid'; readonly why: string }
  /** Keys that are no texts, or aliases that the library does not follow. */
  | { readonly _tag: 'Unsure' };

export const opinionOn = (bytes: Uint8Array): Opinion => {
  if (!isUtf8(bytes)) return invalid('not UTF-8');
  // Editors add a byte order mark, and sometimes another one: the reader takes some, the library takes one.
  const values = plainValues(new TextDecoder().decode(bytes).replace(/^\uFEFF+/, ''));
  if (values._tag !== 'Values') return values;
  if (!values.documents.every((document) => isDocument(document)))
    return invalid(JSON.stringify(isDocument.errors));
  return together(values.documents.map((document) => declaredIn(recordOf(document))));
};

type Values = { readonly _tag: 'Values'; readonly documents: readonly unknown[] };

const plainValues = (text: string): Values | Opinion => {
  try {
    const parsed = parseAllDocuments(text, { schema: 'core', merge: true, logLevel: 'silent' });
    const documents = 'empty' in parsed ? [] : parsed;
    const told = [
      ...('empty' in parsed ? [...parsed.errors, ...parsed.warnings] : []),
      ...documents.flatMap((one) => [...one.errors, ...one.warnings]),
    ];
    if (told[0] !== undefined) return invalid(told[0].message);
    return { _tag: 'Values', documents: documents.map((one) => plain(one.toJS({ mapAsMap: true }))) };
  } catch {
    return { _tag: 'Unsure' };
  }
};

/** Throws where a key is no text: the reader goes by how it is written, which is lost here. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([key, inner]) => {
    if (typeof key !== 'string') throw new Error('a key that is no text');
    return [key, plain(inner)] as const;
  });
  return Object.fromEntries(entries);
};

const nullable = (...schemas: readonly object[]): object => ({ anyOf: [{ type: 'null' }, ...schemas] });
const flag = nullable({ enum: [true, false, 'true', 'false'] });
const url = nullable({ type: 'string', format: 'web-url' });
const settings = {
  hold: flag,
  mute: flag,
  callbackUrl: url,
  callbackHttpMethod: nullable({ type: 'string', pattern: '^([Gg][Ee][Tt]|[Pp][Oo][Ss][Tt])$' }),
  callbackTimeout: nullable(
    { type: 'integer', minimum: 1, maximum: 10_000 },
    { type: 'string', maxLength: 9, pattern: '^0*([1-9][0-9]{0,3}|10000)$' },
  ),
  fallbackUrl: url,
  tag: nullable({ type: 'string' }),
};
const conference = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...settings,
    state: nullable({ const: 'completed' }),
    name: nullable({ type: 'string' }),
    protect: flag,
    suspend: flag,
    whenEmpty: flag,
  },
  if: { required: ['whenEmpty'], properties: { whenEmpty: { enum: [true, 'true'] } } },
  then: { required: ['state'], properties: { state: { const: 'completed' } } },
};

const ajv = new Ajv({ allowUnionTypes: true, strict: false });
ajv.addFormat('web-url', (text: string) => isWebUrl(text));
const isDocument = ajv.compile(
  nullable({
    type: 'object',
    additionalProperties: false,
    properties: {
      defaults: nullable({ type: 'object', additionalProperties: false, properties: settings }),
      conferences: nullable({
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' },
        additionalProperties: nullable(conference),
      }),
    },
  }),
);

/** What a URL parser takes without mending it, with at most one user, and nothing in front that could hide the host. */
const isWebUrl = (text: string): boolean => {
  const [, authority] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (authority === undefined || /[\s\\]/.test(text) || /["'<>]/.test(authority)) return false;
  const parts = authority.split('@');
  return parts.length <= 2 && parts.at(-1) !== '' && URL.canParse(text);
};

const declaredIn = (
  document: Readonly<Record<string, unknown>>,
): readonly (readonly [string, Declared[string]])[] => {
  const defaults = recordOf(document['defaults']);
  return Object.entries(recordOf(document['conferences'])).map(([id, body]) => [
    id,
    Object.fromEntries(
      Object.entries({ ...defaults, ...recordOf(body) }).map(([name, value]) => [name, normal(name, value)]),
    ),
  ]);
};

const together = (documents: readonly ReturnType<typeof declaredIn>[]): Opinion => {
  const entries = documents.flat();
  const declared = Object.fromEntries(entries);
  return Object.keys(declared).length === entries.length
    ? { _tag: 'Valid', declared }
    : invalid('declared twice');
};

const flags = new Set(['hold', 'mute', 'protect', 'suspend', 'whenEmpty']);

const normal = (name: string, value: unknown): Plain => {
  if (value === null) return null;
  if (flags.has(name)) return value === true || value === 'true';
  if (name === 'callbackTimeout') return Number(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return name === 'callbackHttpMethod' ? text.toUpperCase() : text;
};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const invalid = (why: string): Opinion => ({ _tag: 'Invalid', why });
