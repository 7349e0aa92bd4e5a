/** What is said of drift, as log lines. Pure; passwords in URLs are masked here. */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace, type Place } from '../conference/place.js';
import { contestedWords, type DriftedSetting } from '../plan/drifted.js';
import type { DaemonEvent } from '../reconcile/daemon-event.js';
import type { LogLine } from './log.js';
import { safeText, shorten } from './safe-text.js';
import { showTime } from './time.js';
import { maskValue, showValue } from './value.js';

type EventOf<Tag extends DaemonEvent['_tag']> = Extract<DaemonEvent, { readonly _tag: Tag }>;

export const driftLine = (
  event: EventOf<'Drifted' | 'DriftOver' | 'Healed' | 'Contested' | 'Ended'>,
): LogLine => {
  switch (event._tag) {
    case 'Drifted':
      return driftedLine(event);
    case 'DriftOver':
      return overLine(event);
    case 'Healed':
      return healedLine(event);
    case 'Contested':
      return contestedLine(event);
    case 'Ended':
      return endedLine(event);
  }
};

const driftedLine = ({ conference, drifted }: EventOf<'Drifted'>): LogLine => {
  const { setting, declared, applied, live, at } = drifted;
  const shown = O.isSome(live) ? showValue(live.value) : 'not set';
  const declaredToo = O.isSome(declared) ? '' : ', not declared any more';
  return {
    level: 'warn',
    event: 'drift',
    message: `${placeText(at)}${conference} has drifted: ${setting} is ${shown}, applied was ${showValue(applied)}${declaredToo}`,
    fields: { conference, ...driftFields(drifted) },
  };
};

const overLine = ({ conference, settings, at }: EventOf<'DriftOver'>): LogLine => ({
  level: 'info',
  event: 'drift-over',
  message: `${placeText(at)}${conference} has not drifted any more: ${settings.join(', ')}`,
  fields: { conference, settings, at: showPlace(at) },
});

const healedLine = ({ conference, settings, at }: EventOf<'Healed'>): LogLine => {
  const names = settings.map(({ setting }) => setting);
  return {
    level: 'info',
    event: 'healed',
    message: `${O.isSome(at) ? placeText(at.value) : ''}${conference} was set again after drift: ${names.join(', ')}`,
    fields: { conference, settings: names, ...(O.isSome(at) ? { at: showPlace(at.value) } : {}) },
  };
};

const contestedLine = ({ contested }: EventOf<'Contested'>): LogLine => {
  const { conference, drifted, at } = contested;
  return {
    level: 'error',
    event: 'contested',
    message: `${placeText(at)}${conference} ${shorten(contestedWords(drifted), messageLimit)}`,
    fields: { conference, drift: drifted.map(driftFields), at: showPlace(at) },
  };
};

const endedLine = ({ conference, at }: EventOf<'Ended'>): LogLine => ({
  level: 'info',
  event: 'ended',
  message: `${placeText(at)}${conference} has ended by itself: nothing is sent to it any more`,
  fields: { conference, at: showPlace(at) },
});

/** Two values of each of eight settings, of which a tag has no limit. */
const messageLimit = 600;

const driftFields = ({ setting, declared, applied, live, sinceMs, at }: DriftedSetting) => ({
  setting,
  ...(O.isSome(declared) ? { declared: maskValue(declared.value) } : {}),
  applied: maskValue(applied),
  ...(O.isSome(live) ? { live: maskValue(live.value) } : {}),
  since: showTime(sinceMs),
  at: showPlace(at),
});

const placeText = (at: Place): string => `${safeText(showPlace(at))}: `;
