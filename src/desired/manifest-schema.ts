/**
 * A JSON Schema of one document of a manifest, for editors and for checks without holdfast. It is made from the
 * codecs, the known keys and the words that the reader uses itself.
 *
 * Laws, checked by tests: what the reader accepts, the schema accepts; what the schema accepts and the reader refuses
 * is something that no schema can say (duplicates, aliases, what only a URL parser finds).
 *
 * Some tools follow `<<` before they look at a schema, others see a key of this name. Both must accept the same
 * manifest, so `<<` is a key with a value of its own: its keys are checked, but what stands below them is not,
 * because a value beside `<<` can replace it.
 */
import { conferenceIdPattern } from '../conference/id.js';
import { CompletedState, settingNames, Settings } from '../conference/settings.js';
import { ConferenceWords, conferenceWordNames } from './conference-words.js';
import { conferenceKeys, defaultsKeys, documentKeys, type KnownKeys } from './known-keys.js';
import { settingAnnotations, wordAnnotations } from './schema-words.js';
import { valueSchema, type JsonSchema } from './value-schema.js';

/** Draft 2020-12. */
export const manifestSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Manifest of holdfast',
  description:
    'Telephone conferences and the settings they should have. A file holds any number of documents.',
  ...mappingOf(documentKeys, 'mergeOfDocument'),
  $defs: {
    defaults: {
      title: 'Defaults',
      description: 'Settings of every conference in this document that does not say otherwise.',
      ...mappingOf(defaultsKeys, 'mergeOfDefaults'),
    },
    conferences: {
      title: 'Conferences',
      description: 'By id. The API gave it when the conference was created.',
      type: ['object', 'null'],
      properties: { '<<': reference('mergeOfConferences') },
      patternProperties: { [conferenceIdPattern.source]: reference('conference') },
      additionalProperties: false,
    },
    conference: {
      title: 'Conference',
      description: 'What is declared for this conference. What is not declared is left alone.',
      ...mappingOf(conferenceKeys, 'mergeOfConference'),
      ...whenEmptyBesideCompleted,
    },
    ...Object.fromEntries(
      conferenceWordNames.map((name) => [
        name,
        { ...wordAnnotations(name), ...valueSchema(ConferenceWords.props[name]) },
      ]),
    ),
    ...Object.fromEntries(
      settingNames.map((name) => [
        name,
        { ...settingAnnotations(name), ...valueSchema(Settings.props[name]) },
      ]),
    ),
    mergeOfDocument: mergeSchema('mergeOfDocument', documentKeys.keys),
    mergeOfDefaults: mergeSchema('mergeOfDefaults', defaultsKeys.keys),
    mergeOfConferences: mergeSchema('mergeOfConferences', [], {
      patternProperties: { [conferenceIdPattern.source]: true },
    }),
    mergeOfConference: mergeSchema('mergeOfConference', conferenceKeys.keys),
  },
});

const reference = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** The known keys and no others. Every mapping may be left empty, which YAML reads as `null`. */
const mappingOf = ({ keys }: KnownKeys, mergeName: string): JsonSchema => ({
  type: ['object', 'null'],
  properties: {
    ...Object.fromEntries(keys.map((key) => [key, reference(key)])),
    '<<': reference(mergeName),
  },
  additionalProperties: false,
});

/** A mapping, or a list of mappings, with the keys of the one that it is merged into. */
const mergeSchema = (name: string, keys: readonly string[], others: JsonSchema = {}): JsonSchema => ({
  title: 'Merge',
  description: 'What another mapping says, or each of a list: <<: *anchor. What stands here itself wins.',
  type: ['object', 'array'],
  properties: {
    ...Object.fromEntries(keys.map((key) => [key, true])),
    '<<': reference(name),
  },
  ...others,
  additionalProperties: false,
  items: { type: 'object', ...reference(name) },
});

const isCompleted: JsonSchema = { const: CompletedState.value };

/** A `state` that is merged in counts, and cannot be seen here. */
const whenEmptyBesideCompleted: JsonSchema = {
  if: { required: ['whenEmpty'], properties: { whenEmpty: { enum: [true, 'true'] } } },
  then: {
    anyOf: [
      { required: ['state'], properties: { state: isCompleted } },
      { required: ['<<'], properties: { state: isCompleted, '<<': true } },
    ],
  },
};
