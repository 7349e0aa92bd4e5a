/**
 * Callbacks: what the platform tells an application, and where. One shape for each kind of event, as documented.
 *
 * A conference without a `callbackUrl` has nobody to tell. A callback takes its address along, so that a later
 * change of the conference does not redirect it.
 */
import * as O from 'fp-ts/lib/Option.js';
import { callbackTimeoutLimitsMs } from '../conference/settings.js';
import { type AudioKind, type Conference, isActive, type Member, stateOf } from './conference.js';
import { eventTime } from './resource.js';

export interface Callback {
  readonly conferenceId: string;
  readonly target: Target;
  readonly event: CallbackEvent;
}

export interface Target {
  readonly url: string;
  readonly fallbackUrl: O.Option<string>;
  readonly method: 'GET' | 'POST';
  readonly timeoutMs: number;
}

export type CallbackEvent = Readonly<Record<string, string | number | boolean>> & {
  readonly eventType: string;
};

interface Moment {
  readonly nowMs: number;
  readonly userUrl: string;
}

/** The conference was created, or has ended. */
export const conferenceCallback = (conference: Conference, { userUrl }: Moment): readonly Callback[] =>
  toTarget(conference, conference.settings.tag, {
    eventType: 'conference',
    conferenceId: conference.id,
    conferenceUri: conferenceUri(conference, userUrl),
    status: stateOf(conference) === 'completed' ? 'completed' : 'created',
    createdTime: eventTime(conference.createdAtMs),
    ...(O.isSome(conference.completedAtMs)
      ? { completedTime: eventTime(conference.completedAtMs.value) }
      : {}),
  });

/** A member joined, left, was muted or held. `activeMembers` counts after that. */
export const memberCallback = (
  conference: Conference,
  member: Member,
  activeMembers: number,
  { nowMs, userUrl }: Moment,
): readonly Callback[] =>
  toTarget(conference, conference.settings.tag, {
    eventType: 'conference-member',
    activeMembers,
    conferenceId: conference.id,
    callId: member.callId,
    memberId: member.id,
    memberUri: `${conferenceUri(conference, userUrl)}/members/${member.id}`,
    state: isActive(member) ? 'active' : 'completed',
    hold: member.hold,
    mute: member.mute,
    time: eventTime(nowMs),
  });

export const audioCallback = (
  conference: Conference,
  kind: AudioKind,
  status: 'started' | 'done',
  tag: O.Option<string>,
  { nowMs, userUrl }: Moment,
): readonly Callback[] =>
  toTarget(conference, O.toUndefined(tag), {
    eventType: `conference-${kind}`,
    conferenceId: conference.id,
    conferenceUri: conferenceUri(conference, userUrl),
    status,
    time: eventTime(nowMs),
  });

const toTarget = (
  conference: Conference,
  tag: string | undefined,
  event: CallbackEvent,
): readonly Callback[] => {
  const { callbackUrl, fallbackUrl, callbackHttpMethod, callbackTimeout } = conference.settings;
  if (callbackUrl === undefined || callbackUrl === '') return [];
  const target: Target = {
    url: callbackUrl,
    fallbackUrl: fallbackUrl === undefined || fallbackUrl === '' ? O.none : O.some(fallbackUrl),
    method: callbackHttpMethod ?? 'POST',
    timeoutMs: callbackTimeout ?? callbackTimeoutLimitsMs.max,
  };
  return [{ conferenceId: conference.id, target, event: tag === undefined ? event : { ...event, tag } }];
};

const conferenceUri = (conference: Conference, userUrl: string): string =>
  `${userUrl}/conferences/${conference.id}`;
