/**
 * Conferences and members as a GET shows them. Dates are UTC without milliseconds: one SDK can read no other.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import { defaults } from '../conference/settings.js';
import {
  type Conference,
  type ConferenceSettings,
  countActive,
  isActive,
  type Member,
  stateOf,
} from './conference.js';

export type Json = Readonly<Record<string, unknown>>;

export const showConference = (conference: Conference, assumptions: Assumptions): Json => ({
  activeMembers: countActive(conference),
  ...(O.isSome(conference.completedAtMs)
    ? { completedTime: resourceTime(conference.completedAtMs.value) }
    : {}),
  createdTime: resourceTime(conference.createdAtMs),
  from: conference.from,
  id: conference.id,
  ...showUnset(assumptions),
  ...(O.isSome(conference.profile) ? { profile: conference.profile.value } : {}),
  state: stateOf(conference),
  ...showSettings(conference.settings, assumptions),
});

export const showMember = (member: Member, userUrl: string): Json => ({
  addedTime: resourceTime(member.addedAtMs),
  ...(O.isSome(member.removedAtMs) ? { removedTime: resourceTime(member.removedAtMs.value) } : {}),
  hold: member.hold,
  id: member.id,
  mute: member.mute,
  state: isActive(member) ? 'active' : 'completed',
  joinTone: member.joinTone,
  leavingTone: member.leavingTone,
  call: `${userUrl}/calls/${member.callId}`,
});

/** `2014-08-14T14:10:24Z` */
const resourceTime = (ms: number): string => eventTime(ms).replace(/\.\d{3}Z$/, 'Z');

/** `2013-07-12T20:55:10.100Z` */
export const eventTime = (ms: number): string => new Date(ms).toISOString();

const showUnset = ({ unsetSettings, unsetStrings }: Assumptions): Json => {
  const filler = unsetStrings === 'empty' ? '' : null;
  return {
    ...(unsetSettings === 'default' ? { ...defaults, profile: 'interpret_digits' } : {}),
    ...(unsetStrings === 'omit' ? {} : { callbackUrl: filler, fallbackUrl: filler, tag: filler }),
  };
};

const showSettings = (settings: ConferenceSettings, { methodInResource }: Assumptions): Json => {
  const { callbackHttpMethod } = settings;
  return methodInResource === 'lower' && callbackHttpMethod !== undefined
    ? { ...settings, callbackHttpMethod: callbackHttpMethod.toLowerCase() }
    : { ...settings };
};
