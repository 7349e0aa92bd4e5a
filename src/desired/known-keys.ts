/** Which keys a mapping may have, and what to say of any other. */
import * as O from 'fp-ts/lib/Option.js';
import { settingNames } from '../conference/settings.js';
import { conferenceWordNames } from './conference-words.js';
import { didYouMean } from './did-you-mean.js';
import { error, type Finding, type Span } from './finding.js';
import { quote } from './hide-secrets.js';

export interface KnownKeys {
  readonly keys: readonly string[];
  /** The same, to be looked for. */
  readonly all: ReadonlySet<string>;
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

const knownKeys = (
  keys: readonly string[],
  where: string,
  elsewhere: readonly (readonly [string, string])[],
): KnownKeys => ({ keys, all: new Set(keys), where, elsewhere: new Map(elsewhere) });

export const conferenceKeys = knownKeys([...conferenceWordNames, ...settingNames], 'in a conference', []);

export const defaultsKeys = knownKeys(
  ofDefaults,
  'in defaults',
  hints(['state', ...conferenceWordNames], 'write it in each conference'),
);

export const documentKeys = knownKeys(['defaults', 'conferences'], 'at the top of a document', [
  ...hints(ofDefaults, 'write it in defaults, or in a conference'),
  ...hints(['state', ...conferenceWordNames], 'write it in a conference'),
]);
