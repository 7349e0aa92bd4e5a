/** Which keys a mapping may have, and what to say of any other. */
import * as O from 'fp-ts/lib/Option.js';
import { settingNames } from '../conference/settings.js';
import { conferenceWordNames } from './conference-words.js';
import { didYouMean } from './did-you-mean.js';
import { error, type Finding, type Span } from './finding.js';
import { quote } from './hide-secrets.js';

export interface KnownKeys {
  readonly keys: readonly string[];
  /** Completes "unknown key … ". */
  readonly where: string;
  /** What to say of a key that is right elsewhere. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

export const unknownKey = (known: KnownKeys, name: string, key: Span): Finding =>
  error('unknown-key', key, `unknown key ${quote(name)} ${known.where}`, hintFor(known, name));

const hintFor = ({ keys, elsewhere }: KnownKeys, name: string): string => {
  const right = elsewhere.get(name);
  if (right !== undefined) return right;
  const meant = didYouMean(name, keys);
  return O.isSome(meant) ? `did you mean "${meant.value}"?` : `known here: ${keys.join(', ')}`;
};

const ofDefaults = settingNames.filter((name) => name !== 'state');

const hints = (names: readonly string[], hint: string): readonly (readonly [string, string])[] =>
  names.map((name) => [name, hint]);

export const conferenceKeys: KnownKeys = {
  keys: [...conferenceWordNames, ...settingNames],
  where: 'in a conference',
  elsewhere: new Map(),
};

export const defaultsKeys: KnownKeys = {
  keys: ofDefaults,
  where: 'in defaults',
  elsewhere: new Map(hints(['state', ...conferenceWordNames], 'write it in each conference')),
};

export const documentKeys: KnownKeys = {
  keys: ['defaults', 'conferences'],
  where: 'at the top of a document',
  elsewhere: new Map([
    ...hints(ofDefaults, 'write it in defaults, or in a conference'),
    ...hints(['state', ...conferenceWordNames], 'write it in a conference'),
  ]),
};
