/**
 * What the text and the markdown of a plan have in common: the words. Everything here is one line and safe
 * for a terminal; how it is laid out, coloured and escaped further is up to the two.
 */
import * as O from 'fp-ts/lib/Option.js';
import { showPlace, type Place } from '../conference/place.js';
import { maskPasswords } from '../conference/url.js';
import { peopleAre } from '../plan/guard.js';
import { laneFor, lanes, type Lane } from '../plan/lane.js';
import { callsOf, secondsFor } from '../plan/make-plan.js';
import type { Rate } from '../ledger/store.js';
import type { Change, Complete, Guard, Plan, Refusal, SettingChange, Update, Why } from '../plan/plan.js';
import type { Compared } from './compared.js';
import { callsAndTime, count } from './duration.js';
import { quote, safeText, shorten } from './safe-text.js';
import { showTime } from './time.js';
import { showStep, showValue, textLimit } from './value.js';

/** The changes by what happens, each group in the order of the plan. */
export interface Groups {
  readonly complete: readonly Complete[];
  readonly update: readonly Update[];
  readonly release: readonly Tagged<'Release'>[];
  readonly suspended: readonly Tagged<'Suspended'>[];
  readonly blocked: readonly Tagged<'Blocked'>[];
}

type Tagged<Tag extends Change['_tag']> = Extract<Change, { readonly _tag: Tag }>;

export const groupChanges = (changes: readonly Change[]): Groups => {
  const only = <Tag extends Change['_tag']>(tag: Tag): readonly Tagged<Tag>[] =>
    changes.filter((change): change is Tagged<Tag> => change._tag === tag);
  return {
    complete: only('Complete'),
    update: only('Update'),
    release: only('Release'),
    suspended: only('Suspended'),
    blocked: only('Blocked'),
  };
};

/** `1 to complete, 2 to update, 9 as declared`. Of what a base would leave it is not known whether it is so. */
export const totals = ({ summary, changes }: Plan, compared: Compared): string => {
  const { complete, update, release, suspended, blocked, none } = summary;
  const reads = changes.filter((change) => change._tag === 'None' && change.read).length;
  const parts: readonly (readonly [number, string])[] = [
    [complete, 'to complete'],
    [update, 'to update'],
    [release, 'to release'],
    [reads, 'to read'],
    [suspended, 'suspended'],
    [blocked, 'blocked'],
    [none - reads, compared._tag === 'Base' ? 'unchanged' : 'as declared'],
  ];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, words]) => `${number} ${words}`).join(', ');
};

/** `12 calls, about 12 s at 1/s: 3 in lane 1, 9 in lane 2`. One lane alone is not worth a word. */
export const workWords = (
  { summary, changes }: Pick<Plan, 'summary' | 'changes'>,
  { rate, granted }: { readonly rate: Rate; readonly granted: O.Option<number> },
): string => {
  const byLane = lanes.flatMap((lane) => {
    const calls = changes.reduce((sum, change) => (isIn(lane, change) ? sum + callsOf(change) : sum), 0);
    return calls === 0 ? [] : [`${calls} in lane ${lane}`];
  });
  const shown = O.isSome(granted) ? Number(granted.value.toFixed(3)) : rate;
  const time = callsAndTime(summary.calls, secondsFor(summary.calls, shown), shown);
  const limit = O.isSome(granted) && summary.calls > 0 ? ', which is what the API grants' : '';
  return `${time}${limit}${byLane.length > 1 ? `: ${byLane.join(', ')}` : ''}`;
};

const isIn = (lane: Lane, change: Change): boolean => O.toUndefined(laneFor(change)) === lane;

/** none: there is something to do, or something stands in the way of it. */
export const noChanges = ({ summary }: Plan, compared: Compared): O.Option<string> => {
  const { complete, update, release, suspended, blocked, none, calls } = summary;
  if (complete + update + release + suspended + blocked + calls > 0) return O.none;
  if (none === 0) return O.some('No conference is declared.');
  return O.some(
    compared._tag === 'Base'
      ? `Nothing changes for ${count(none, 'conference')}.`
      : `${count(none, 'conference')} ${none === 1 ? 'is' : 'are'} as declared.`,
  );
};

export interface SettingWords {
  readonly setting: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** Empty when there is none to show. */
  readonly place: string;
}

export const settingWords = (change: SettingChange): SettingWords => {
  const { setting, at } = change;
  const [from, to] = stepWords(change);
  return { setting, from, to, why: whyWords(change), place: placeWords(at) };
};

/** What else there is to know of a change that costs a call; empty: nothing. */
export const sendableWords = (change: Update | Complete): string => {
  const parts = [
    ...guardWords(change.guard),
    ...(change.forget ? ['not declared any more, forgotten afterwards'] : []),
  ];
  return parts.join('; ');
};

export const releaseWords = 'not declared any more: forgotten, nothing is sent';
export const suspendedWords = 'left alone as long as `suspend: true` stands';

export const blockedWords: Readonly<
  Record<Tagged<'Blocked'>['reason'], { readonly why: string; readonly advice: string }>
> = {
  completed: {
    why: 'it has ended, which is final: nothing can be changed any more',
    advice: 'Remove it, or leave nothing but `state: completed` in its declaration.',
  },
};

/** What somebody can do who means it. */
export const refusalAdvice = (rule: Refusal['rule']): string => {
  switch (rule) {
    case 'max-complete':
      return 'If this is meant, raise `--max-complete`, or apply with `--force "reason"`.';
    case 'max-complete-share':
      return 'If this is meant, apply with `--force "reason"`; `--max-complete` does not lift this limit.';
    case 'protected':
      return 'If this is meant, declare `protect: false` for it, or apply with `--force "reason"`.';
    case 'everything-removed':
      return 'Check that this is the right directory. If this is meant, apply with `--force "reason"`.';
  }
};

/** The name in quotes; empty when there is none. */
export const nameWords = (name: O.Option<string>): string =>
  O.isSome(name) ? quote(maskPasswords(name.value), textLimit) : '';

export const messageWords = (message: string): string => shorten(maskPasswords(message), messageLimit);

/** Empty when there is none. */
export const placeWords = (at: O.Option<Place>): string =>
  O.isSome(at) ? safeText(showPlace(at.value)) : '';

/** A message may quote a tag, and a tag has no limit. */
const messageLimit = 300;

const guardWords = (guard: Guard): readonly string[] => {
  switch (guard._tag) {
    case 'Free':
      return [];
    case 'WhenEmpty':
      return ['when the last member has left'];
    case 'AtMost':
      return [`unless more than ${peopleAre(guard.audience)} in it`];
  }
};

const stepWords = ({ setting, from, to, why }: SettingChange): readonly [string, string] => {
  if (O.isNone(from)) return [absence(setting, why), showValue(to)];
  const [left, right] = showStep(from.value, to);
  return [why === 'in-doubt' ? `${left} (in doubt)` : left, right];
};

/** Why there is no earlier value. What is removed had been sent, so without a value it is in doubt. */
const absence = (setting: SettingChange['setting'], why: Why): string => {
  if (why === 'drift') return '(not set)';
  return why === 'in-doubt' || (why === 'removed' && setting !== 'state') ? '(in doubt)' : '(never applied)';
};

const whyWords = (change: SettingChange): string => {
  switch (change.why) {
    case 'new':
      return 'new';
    case 'changed':
      return 'changed';
    case 'removed':
      return 'removed';
    case 'in-doubt':
      return 'in doubt, sent again';
    case 'drift': {
      const since = O.isSome(change.sinceMs) ? ` since ${showTime(change.sinceMs.value)}` : '';
      return `drift, applied as declared, changed elsewhere${since}`;
    }
  }
};
