/**
 * A conference as the platform knows it. The state is never stored: it follows from what happened.
 *
 * Invariants: a conference is `created` until its first member joins, `active` then, and `completed` once
 * `completedAtMs` is there; what is completed never changes again.
 */
import * as O from 'fp-ts/lib/Option.js';

export interface Conference {
  readonly id: string;
  readonly from: string;
  readonly createdAtMs: number;
  readonly completedAtMs: O.Option<number>;
  readonly profile: O.Option<string>;
  readonly settings: ConferenceSettings;
  /** In the order of joining; who has left stays in the list. */
  readonly members: readonly Member[];
  /** What plays until it is stopped, with the tag of the request that started it. */
  readonly loops: ReadonlyMap<AudioKind, O.Option<string>>;
}

/** What was set. A setting that is not here was never set. URLs may be empty, if the assumptions allow it. */
export interface ConferenceSettings {
  readonly hold?: boolean;
  readonly mute?: boolean;
  readonly callbackUrl?: string;
  readonly callbackHttpMethod?: 'GET' | 'POST';
  readonly callbackTimeout?: number;
  readonly fallbackUrl?: string;
  readonly tag?: string;
}

export interface Member {
  readonly id: string;
  readonly callId: string;
  readonly addedAtMs: number;
  readonly removedAtMs: O.Option<number>;
  readonly hold: boolean;
  readonly mute: boolean;
  readonly joinTone: boolean;
  readonly leavingTone: boolean;
}

export type AudioKind = 'playback' | 'speak';
export type ConferenceState = 'created' | 'active' | 'completed';

/** Documented on the conference's page. */
export const maximumMembers = 20;

export const stateOf = (conference: Conference): ConferenceState =>
  O.isSome(conference.completedAtMs) ? 'completed' : conference.members.length > 0 ? 'active' : 'created';

export const isActive = (member: Member): boolean => O.isNone(member.removedAtMs);

export const countActive = (conference: Conference): number => conference.members.filter(isActive).length;
