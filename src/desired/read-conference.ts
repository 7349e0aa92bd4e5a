/** One conference of a manifest, with what its words mean together. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { isSetting } from '../conference/settings.js';
import type { ConferenceWord } from './conference-words.js';
import type { Declared } from './desired.js';
import type { Field, FieldsOf } from './fields.js';
import { error, findingsOf, noFindings, warning, type Finding, type Reading, type Span } from './finding.js';
import { quote } from './hide-secrets.js';
import { conferenceKeys } from './known-keys.js';
import {
  declaredSettings,
  readSettings,
  together,
  type SettingRead,
  type SettingsRead,
} from './read-settings.js';
import { readFlag, readName, type Value } from './read-value.js';
import type { SourceText } from './source-text.js';
import { describe, isNull, type Mapping, type Tree } from './tree.js';

/** `name`: as written, for messages; the id itself is checked by the caller. */
export const readConference = (
  name: string,
  body: Tree,
  defaults: SettingsRead,
  context: Context,
): Reading<ConferenceBody> => {
  if (body._tag === 'Mapping') return readBody(body, defaults, context);
  const empty = { ...noWords, settings: declaredSettings(defaults) };
  if (body._tag === 'Broken') return { value: empty, findings: noFindings };
  if (isNull(body)) return { value: empty, findings: withoutCallback(defaults) };
  const found = body._tag === 'Scalar' ? quote(body.value) : describe(body);
  const message = `the conference ${quote(name)} must be a mapping, not ${found}`;
  return {
    value: empty,
    findings: [error('not-a-mapping', body, message, 'write "key: value" lines below its id')],
  };
};

/** What the readers of one document share. */
export interface Context {
  readonly source: SourceText;
  readonly fieldsOf: FieldsOf;
}

export type ConferenceBody = Omit<Declared, 'id' | 'at'>;

export const declare = (id: ConferenceId, key: Span, body: ConferenceBody, source: SourceText): Declared => ({
  id,
  at: source.placeAt(key.start),
  ...body,
});

const noWords = { name: O.none, protect: O.none, suspend: false, whenEmpty: false };

const readBody = (
  body: Mapping,
  defaults: SettingsRead,
  { source, fieldsOf }: Context,
): Reading<ConferenceBody> => {
  const { value: fields, findings } = fieldsOf(body, conferenceKeys);
  const own = readSettings(fields, source, (field) => (field.merged ? 'merged' : 'own'));
  const settings = together([defaults, own.value]);
  const words = fields.filter((field) => !isSetting(field.name));
  const name = readWord(words, 'name', readName);
  const protect = readWord(words, 'protect', readFlag);
  const suspend = readWord(words, 'suspend', readFlag);
  const whenEmpty = readWord(words, 'whenEmpty', readFlag);
  return {
    value: {
      name: name.value,
      protect: protect.value,
      suspend: isTrue(suspend.value),
      whenEmpty: isTrue(whenEmpty.value),
      settings: declaredSettings(settings),
    },
    findings: findingsOf([
      { findings },
      own,
      name,
      protect,
      suspend,
      whenEmpty,
      { findings: isTrue(whenEmpty.value) ? misplacedWhenEmpty(fields, own.value) : noFindings },
      { findings: withoutCallback(settings) },
      { findings: ignored(fields, own.value) },
    ]),
  };
};

const isTrue = (flag: O.Option<boolean>): boolean => O.isSome(flag) && flag.value;

/** A word that is no setting: absent, `null` and unreadable are the same. */
const readWord = <Word extends ConferenceWord, A>(
  fields: readonly Field[],
  name: Word,
  read: (name: Word, tree: Tree) => Reading<Value<A>>,
): Reading<O.Option<A>> => {
  const named = fields.filter((field) => field.name === name);
  if (named.length === 0) return absent;
  const readings = named.map((field) => read(name, field.value));
  const first = readings[0]?.value;
  return {
    value: first?._tag === 'Read' ? O.some(first.value) : O.none,
    findings: findingsOf(readings),
  };
};

const absent: Reading<O.Option<never>> = { value: O.none, findings: noFindings };

/** A `state` that could not be read may have been meant: nothing follows from it. */
const misplacedWhenEmpty = (fields: readonly Field[], settings: SettingsRead): readonly Finding[] => {
  const state = settings.get('state');
  if (state !== undefined && (O.isNone(state.declared) || isSet(state))) return noFindings;
  const message = 'whenEmpty has a meaning only beside state: completed';
  return fields
    .filter(({ name }) => name === 'whenEmpty')
    .map(({ key }) => error('misplaced-when-empty', key, message, 'add state: completed, or remove it'));
};

/** Where both come from `defaults` the warning stands there, once for all conferences. */
const withoutCallback = (settings: SettingsRead): readonly Finding[] => {
  const fallback = settings.get('fallbackUrl');
  const callback = settings.get('callbackUrl');
  if (fallback === undefined || !isSet(fallback)) return noFindings;
  if (callback !== undefined && (O.isNone(callback.declared) || isSet(callback))) return noFindings;
  const message = 'fallbackUrl without callbackUrl: there is no call that could fail';
  return [warning('fallback-without-callback', fallback.key, message, 'add callbackUrl, or remove it')];
};

/** Only what is written in the conference itself: a default or a merged value is meant for others as well. */
const ignored = (fields: readonly Field[], settings: SettingsRead): readonly Finding[] => {
  const state = settings.get('state');
  if (state === undefined || !isSet(state)) return noFindings;
  return fields
    .filter(({ name, merged, value }) => (name === 'hold' || name === 'mute') && !merged && !isNull(value))
    .map(({ name, key }) =>
      warning(
        'ignored-when-completed',
        key,
        `${name} has no effect beside state: completed`,
        'remove one of them',
      ),
    );
};

const isSet = ({ declared }: SettingRead): boolean => O.isSome(declared) && O.isSome(declared.value.value);
