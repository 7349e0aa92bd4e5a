/** One value of a manifest through its codec, with what to say when it does not fit. */
import * as O from 'fp-ts/lib/Option.js';
import { decodeSetting, isSetting, type Setting, type SettingValue } from '../conference/settings.js';
import { hasPassword } from '../conference/url.js';
import { ConferenceWords, type ConferenceFlag } from './conference-words.js';
import { error, noFindings, warning, type Finding, type Reading } from './finding.js';
import { quote } from './hide-secrets.js';
import { flagWords, settingWords, textWords, type SettingWords } from './setting-words.js';
import { describe, type Mapping, type Scalar, type Sequence, type Tree } from './tree.js';

/** `Unread`: it has been reported, or stands in a part that has. */
export type Value<A> =
  | { readonly _tag: 'Null' }
  | { readonly _tag: 'Unread' }
  | { readonly _tag: 'Read'; readonly value: A };

export const readSetting = (name: Setting, tree: Tree): Reading<Value<SettingValue>> => {
  const reading = readValue(name, settingWords[name], tree, decoders[name]);
  if (name !== 'callbackUrl' && name !== 'fallbackUrl') return reading;
  const { value } = reading;
  return value._tag === 'Read' && typeof value.value === 'string' && hasPassword(value.value)
    ? { value, findings: [warning('password-in-url', tree, `${name} holds a password`, passwordHint)] }
    : reading;
};

const decoderOf =
  (name: Setting) =>
  (input: unknown): O.Option<SettingValue> =>
    O.fromEither(decodeSetting(name, input));

const decoders: Readonly<Record<Setting, (input: unknown) => O.Option<SettingValue>>> = {
  state: decoderOf('state'),
  hold: decoderOf('hold'),
  mute: decoderOf('mute'),
  callbackUrl: decoderOf('callbackUrl'),
  callbackHttpMethod: decoderOf('callbackHttpMethod'),
  callbackTimeout: decoderOf('callbackTimeout'),
  fallbackUrl: decoderOf('fallbackUrl'),
  tag: decoderOf('tag'),
};

/** A conference's `name`. */
export const readName = (name: 'name', tree: Tree): Reading<Value<string>> =>
  readValue(name, nameWords, tree, (input) => O.fromEither(ConferenceWords.props[name].decode(input)));

const nameWords = textWords('invalid-name');

/** `protect`, `suspend`, `whenEmpty`. */
export const readFlag = (name: ConferenceFlag, tree: Tree): Reading<Value<boolean>> =>
  readValue(name, flagWords, tree, (input) => O.fromEither(ConferenceWords.props[name].decode(input)));

/** What a value means under a key, wherever the key has a meaning at all. */
export const readField = (name: string, tree: Tree): Value<SettingValue> => {
  if (isSetting(name)) return readSetting(name, tree).value;
  switch (name) {
    case 'name':
      return readName(name, tree).value;
    case 'protect':
    case 'suspend':
    case 'whenEmpty':
      return readFlag(name, tree).value;
    default:
      return unread;
  }
};

const readValue = <A>(
  name: string,
  words: SettingWords,
  tree: Tree,
  decode: (input: unknown) => O.Option<A>,
): Reading<Value<A>> => {
  if (tree._tag === 'Broken') return { value: unread, findings: noFindings };
  if (tree._tag !== 'Scalar') return { value: unread, findings: [misfit(name, words, tree)] };
  if (tree.value === null) return { value: { _tag: 'Null' }, findings: noFindings };
  const decoded = decode(tree.value);
  return O.isSome(decoded)
    ? { value: { _tag: 'Read', value: decoded.value }, findings: noFindings }
    : { value: unread, findings: [misfit(name, words, tree)] };
};

const unread = { _tag: 'Unread' } as const;

const passwordHint = 'whoever can read the repository can read it; it is sent to the API and never printed';

const misfit = (name: string, words: SettingWords, tree: Scalar | Mapping | Sequence): Finding => {
  const found = tree._tag === 'Scalar' ? shown(tree) : describe(tree);
  const hint = tree._tag === 'Scalar' ? words.instead(name, tree) : '';
  return error(words.rule, tree, `${name} ${words.takes}, not ${found}`, hint);
};

const shown = ({ value, source }: Scalar): string =>
  typeof value === 'string' ? quote(value) : `the ${typeof value} ${quote(source).replace(/^"(.*)"$/, '$1')}`;
