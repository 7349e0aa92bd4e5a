/** One document of a manifest: `defaults`, which count here only, and `conferences`. */
import * as E from 'fp-ts/lib/Either.js';
import { ConferenceId } from '../conference/id.js';
import type { Declared } from './desired.js';
import { makeFieldsOf, type Field } from './fields.js';
import { error, findingsOf, noFindings, type Finding, type Reading, type Span } from './finding.js';
import { quote } from './hide-secrets.js';
import { defaultsKeys, documentKeys } from './known-keys.js';
import { declare, readConference, type Context } from './read-conference.js';
import { readSettings, together, type SettingsRead } from './read-settings.js';
import type { SourceText } from './source-text.js';
import { describe, isNull, type Mapping, type Tree } from './tree.js';

/** A conference of a document. The same id can stand there twice; the file decides about that. */
export interface Entry {
  readonly key: Span;
  readonly declared: Declared;
}

export const readDocument = (root: Tree, source: SourceText): Reading<readonly Entry[]> => {
  const { value: mapping, findings: notMapping } = mappingAt(
    root,
    'a document',
    'write conferences: and the ids below it',
  );
  if (mapping === undefined) return { value: [], findings: notMapping };
  const context = { source, fieldsOf: makeFieldsOf(source) };
  const { value: fields, findings } = context.fieldsOf(mapping, documentKeys);
  const named = (name: string) => fields.filter((field) => field.name === name);
  const defaults = named('defaults').map((field) => readDefaults(field.value, context));
  const inForce = together(defaults.map((reading) => reading.value));
  const conferences = named('conferences').map((field) => readConferences(field.value, inForce, context));
  return {
    value: conferences.flatMap((reading) => reading.value),
    findings: findingsOf([{ findings }, ...defaults, ...conferences]),
  };
};

const readDefaults = (tree: Tree, { source, fieldsOf }: Context): Reading<SettingsRead> => {
  const { value: mapping, findings: notMapping } = mappingAt(tree, 'defaults', 'write settings below it');
  if (mapping === undefined) return { value: new Map(), findings: notMapping };
  const { value: fields, findings } = fieldsOf(mapping, defaultsKeys);
  const settings = readSettings(fields, source, () => 'default');
  return {
    value: settings.value,
    findings: findingsOf([{ findings }, settings]),
  };
};

const readConferences = (tree: Tree, defaults: SettingsRead, context: Context): Reading<readonly Entry[]> => {
  const { value: mapping, findings: notMapping } = mappingAt(
    tree,
    'conferences',
    'write ids below it, without hyphens',
  );
  if (mapping === undefined) return { value: [], findings: notMapping };
  const { value: fields, findings } = context.fieldsOf(mapping, undefined);
  const readings = fields.map((field) => readEntry(field, defaults, context));
  return {
    value: readings.flatMap((reading) => reading.value),
    findings: findingsOf([{ findings }, ...readings]),
  };
};

const readEntry = (
  { name, key, value }: Field,
  defaults: SettingsRead,
  context: Context,
): Reading<readonly Entry[]> => {
  const body = readConference(name, value, defaults, context);
  const id = ConferenceId.decode(name);
  return E.isRight(id)
    ? {
        value: [{ key, declared: declare(id.right, key, body.value, context.source) }],
        findings: body.findings,
      }
    : { value: [], findings: [invalidId(name, key), ...body.findings] };
};

const invalidId = (name: string, key: Span): Finding =>
  error(
    'invalid-id',
    key,
    `${quote(name)} is no conference id`,
    'an id is 1 to 128 letters, digits, dots, hyphens and underscores, and begins with a letter or digit',
  );

/** Empty is as good as an empty mapping; undefined: there is nothing to read. */
const mappingAt = (tree: Tree, what: string, hint: string): Reading<Mapping | undefined> => {
  if (tree._tag === 'Mapping') return { value: tree, findings: noFindings };
  if (tree._tag === 'Broken' || isNull(tree)) return { value: undefined, findings: noFindings };
  const found = tree._tag === 'Scalar' ? quote(tree.value) : describe(tree);
  return {
    value: undefined,
    findings: [error('not-a-mapping', tree, `${what} must be a mapping, not ${found}`, hint)],
  };
};
