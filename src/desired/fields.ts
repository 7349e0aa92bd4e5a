/**
 * The keys of a mapping with their values, `<<` followed.
 *
 * The mapping's own keys win over merged ones; of several merged mappings the earlier wins. A key that stands
 * twice is kept twice, so that the values of both are read and no mistake hides another. Unknown keys are
 * reported here and left out.
 */
import { error, findingsOf, noFindings, type Finding, type Reading, type Span } from './finding.js';
import { quote } from './hide-secrets.js';
import { unknownKey, type KnownKeys } from './known-keys.js';
import type { SourceText } from './source-text.js';
import { describe, type Mapping, type Scalar, type Sequence, type Tree } from './tree.js';

export interface Field {
  /** As written: an unquoted `0123` is the name 0123. */
  readonly name: string;
  readonly key: Span;
  readonly value: Tree;
  readonly merged: boolean;
}

/**
 * `known`: keys the mapping may have; undefined where any key will do.
 * The findings come with the first reading of a mapping; aliases can bring it up many times.
 */
export type FieldsOf = (mapping: Mapping, known: KnownKeys | undefined) => Reading<readonly Field[]>;

/** For one document. It remembers what it has read, so that a shared mapping costs its size once. */
export const makeFieldsOf = (source: SourceText): FieldsOf => {
  const memory = new Map<Mapping, readonly Remembered[]>();
  const fieldsOf: FieldsOf = (mapping, known) => {
    const read = memory.get(mapping);
    const before = read?.find((one) => one.known === known);
    if (before !== undefined) return { value: before.fields, findings: noFindings };
    const reading = readFields(mapping, known, source, fieldsOf);
    const remembered = { known, fields: reading.value };
    memory.set(mapping, read === undefined ? [remembered] : [...read, remembered]);
    return reading;
  };
  return fieldsOf;
};

interface Remembered {
  readonly known: KnownKeys | undefined;
  readonly fields: readonly Field[];
}

const readFields = (
  mapping: Mapping,
  known: KnownKeys | undefined,
  source: SourceText,
  fieldsOf: FieldsOf,
): Reading<readonly Field[]> => {
  const own: Field[] = [];
  const merges: Reading<readonly Field[]>[] = [];
  const findings: Finding[] = [];
  for (const { key, value } of mapping.entries) {
    const name = nameOf(key);
    if (isMergeKey(key)) merges.push(readMerge(value, known, fieldsOf));
    else if (name === undefined) findings.push(...oddKey(key));
    else if (known !== undefined && !known.all.has(name)) findings.push(unknownKey(known, name, key));
    else own.push({ name, key, value, merged: false });
  }
  if (known !== undefined) findings.push(...duplicateKeys(mapping, source));
  if (merges.length === 0) return { value: own, findings };
  const ownNames = new Set(own.map((field) => field.name));
  const merged = firstOfEachName(merges.flatMap((reading) => reading.value)).filter(
    ({ name }) => !ownNames.has(name),
  );
  return { value: [...own, ...merged], findings: findingsOf([{ findings }, ...merges]) };
};

/** Keys that stand twice in the mapping itself; the second and every further one is told. */
const duplicateKeys = ({ entries }: Mapping, source: SourceText): readonly Finding[] => {
  // Nearly always none does.
  if (new Set(entries.map(({ key }) => nameOf(key) ?? key)).size === entries.length) return noFindings;
  const first = new Map<string, Span>();
  const findings: Finding[] = [];
  for (const { key } of entries) {
    const name = nameOf(key);
    const earlier = name === undefined ? undefined : first.get(name);
    if (name === undefined) continue;
    if (earlier === undefined) first.set(name, key);
    else findings.push(duplicate(name, key, source.placeAt(earlier.start).line));
  }
  return findings;
};

const isMergeKey = (key: Tree): key is Scalar => key._tag === 'Scalar' && key.plain && key.source === '<<';

/** As written: an unquoted `0123` is the name 0123. undefined: it is no text. */
export const nameOf = (key: Tree): string | undefined =>
  key._tag !== 'Scalar' ? undefined : typeof key.value === 'string' ? key.value : key.source;

const duplicate = (name: string, key: Span, line: number): Finding =>
  name === '<<'
    ? error('duplicate-key', key, `<< stands here and on line ${line}`, 'write one << with a list: [*a, *b]')
    : error('duplicate-key', key, `${quote(name)} stands here and on line ${line}`, 'keep one of them');

const oddKey = (key: Tree): readonly Finding[] =>
  key._tag === 'Mapping' || key._tag === 'Sequence'
    ? [error('unknown-key', key, `a key must be a word, not ${describe(key)}`)]
    : [];

const readMerge = (
  value: Tree,
  known: KnownKeys | undefined,
  fieldsOf: FieldsOf,
): Reading<readonly Field[]> => {
  const mappings = value._tag === 'Sequence' ? value.items : [value];
  const readings = mappings.map((mapping) => readMergedMapping(mapping, known, fieldsOf));
  return {
    value: readings.flatMap((reading) => reading.value),
    findings: readings.flatMap((reading) => reading.findings),
  };
};

const readMergedMapping = (
  value: Tree,
  known: KnownKeys | undefined,
  fieldsOf: FieldsOf,
): Reading<readonly Field[]> => {
  if (value._tag === 'Broken') return { value: [], findings: [] };
  if (value._tag !== 'Mapping') return { value: [], findings: [notMergeable(value)] };
  const { value: fields, findings } = fieldsOf(value, known);
  return { value: fields.map((field) => ({ ...field, merged: true })), findings };
};

const notMergeable = (value: Scalar | Sequence): Finding => {
  const found = value._tag === 'Scalar' ? quote(value.value) : describe(value);
  return error('not-a-mapping', value, `<< takes a mapping, not ${found}`, 'write an alias: <<: *name');
};

const firstOfEachName = (fields: readonly Field[]): readonly Field[] => {
  const first = new Map<string, Field>();
  for (const field of fields) if (!first.has(field.name)) first.set(field.name, field);
  return [...first.values()];
};
