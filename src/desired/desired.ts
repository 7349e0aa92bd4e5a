/**
 * Desired: what the manifests declare, after defaults, with the place of everything in its file.
 * This is the left side of every comparison; it says nothing about how it was read.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Setting, SettingValue } from '../conference/settings.js';

export type Desired = ReadonlyMap<ConferenceId, Declared>;

/** One conference as declared. */
export interface Declared {
  readonly id: ConferenceId;
  /** Where its id stands. */
  readonly at: Place;
  /** For people; never sent. */
  readonly name: O.Option<string>;
  /** none: the word is absent, and what the ledger remembers holds on. */
  readonly protect: O.Option<boolean>;
  readonly suspend: boolean;
  /** Complete only when the last member has left. Only beside `state: completed`. */
  readonly whenEmpty: boolean;
  readonly settings: DeclaredSettings;
}

export type DeclaredSettings = Readonly<Partial<Record<Setting, DeclaredSetting>>>;

export const isDeclaredCompleted = ({ state }: DeclaredSettings): boolean =>
  state !== undefined && O.isSome(state.value);

export interface DeclaredSetting {
  /** none: declared `null`, that is "not ours": nothing is sent and the ledger forgets it. */
  readonly value: O.Option<SettingValue>;
  /** Where the value stands. */
  readonly at: Place;
  readonly origin: Origin;
}

/**
 * How directly a value was written. A half-written file can lose an override and let what stands behind it
 * shine through; a weaker origin than before is therefore treated like a removal.
 */
export type Origin = 'default' | 'merged' | 'own';
