/**
 * Anything that disappears counts only after a time of quiet: a file that is being written, cut off at the
 * right place, is valid and says too little. Until then what stood in force is put back.
 *
 * Held are: a whole conference; a word of it; and a setting whose value now comes from a weaker origin,
 * because then an override was lost and what stood behind it shines through. Not held is whatever was
 * written in its place: another value, `null`, `protect: false`. A text cut off within a value (`all-hands`
 * to `all`) cannot be told from a change. `suspend: false` and `whenEmpty: false` read like their absence,
 * and wait like it.
 *
 * Laws: `holdRemovals(x, x)` is x with nothing held; the result lacks nothing of `inForce`; what the
 * candidate declares, and not more weakly than before, is in the result as declared; holding the result
 * again changes nothing and holds nothing.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { type Setting, settingNames } from '../conference/settings.js';
import {
  isDeclaredCompleted,
  type Declared,
  type DeclaredSetting,
  type DeclaredSettings,
  type Desired,
  type Origin,
} from '../desired/desired.js';
import type { ManifestFile } from '../desired/manifest.js';

export interface Held {
  readonly conference: ConferenceId;
  readonly what: HeldWord;
}

/** What disappeared: the whole conference, or a word of it. */
export type HeldWord = 'conference' | 'name' | 'protect' | 'suspend' | 'whenEmpty' | Setting;

export interface Holding {
  readonly desired: Desired;
  /** By conference. */
  readonly held: readonly Held[];
}

export const holdRemovals = (inForce: Desired, candidate: Desired): Holding => {
  const desired = new Map(candidate);
  const held: Held[] = [];
  for (const [conference, before] of inForce) {
    const now = candidate.get(conference);
    if (now === before) continue;
    const kept = now === undefined ? before : holdWords(before, now);
    const words: readonly HeldWord[] = now === undefined ? ['conference'] : heldWords(kept, now);
    // Otherwise nothing is missing from what is declared now, and it stands there as it is.
    if (words.length > 0) desired.set(conference, kept);
    held.push(...words.map((what) => ({ conference, what })));
  }
  return { desired, held: held.sort(byConference) };
};

/** After the quiet, only what a broken file may declare is held: a conference whose id stands in its text. */
export const holdHidden = (
  inForce: Desired,
  candidate: Desired,
  broken: readonly ManifestFile[],
): Holding => {
  if (broken.length === 0) return { desired: candidate, held: [] };
  const named = namedIn(broken);
  const hidden = [...inForce.values()].filter(
    ({ id }) => !candidate.has(id) && (O.isNone(named) || named.value.has(id)),
  );
  return {
    desired: new Map([...candidate, ...hidden.map((one) => [one.id, one] as const)]),
    held: hidden.map(({ id }) => ({ conference: id, what: 'conference' as const })).sort(byConference),
  };
};

/** Everything in the texts that may be an id; none: there is a text that could not be read. */
const namedIn = (broken: readonly ManifestFile[]): O.Option<ReadonlySet<string>> => {
  const names = new Set<string>();
  for (const { seen } of broken) {
    if (seen === undefined) return O.none;
    for (const [word] of seen.text.matchAll(/[A-Za-z0-9][A-Za-z0-9._-]*/g)) {
      names.add(word);
      names.add(word.replace(/[._-]+$/, ''));
    }
  }
  return O.some(names);
};

const byConference = (left: Held, right: Held): number =>
  left.conference === right.conference ? 0 : left.conference < right.conference ? -1 : 1;

const holdWords = (before: Declared, now: Declared): Declared => {
  const settings = holdSettings(before.settings, now.settings);
  return {
    ...now,
    name: O.alt(() => before.name)(now.name),
    protect: O.alt(() => before.protect)(now.protect),
    suspend: now.suspend || before.suspend,
    // It says how to complete: where `state: completed` does not stand, nothing is left to wait for.
    whenEmpty: (now.whenEmpty || before.whenEmpty) && isDeclaredCompleted(settings),
    settings,
  };
};

const holdSettings = (before: DeclaredSettings, now: DeclaredSettings): DeclaredSettings => {
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const name of settingNames) {
    const kept = holdSetting(before[name], now[name]);
    if (kept !== undefined) settings[name] = kept;
  }
  return settings;
};

const holdSetting = (
  before: DeclaredSetting | undefined,
  now: DeclaredSetting | undefined,
): DeclaredSetting | undefined => {
  if (before === undefined || now === undefined) return now ?? before;
  return strength[now.origin] < strength[before.origin] ? before : now;
};

const strength: Readonly<Record<Origin, number>> = { default: 0, merged: 1, own: 2 };

const heldWords = (kept: Declared, now: Declared): readonly HeldWord[] => [
  ...(O.isSome(kept.name) && O.isNone(now.name) ? ['name' as const] : []),
  ...(O.isSome(kept.protect) && O.isNone(now.protect) ? ['protect' as const] : []),
  ...(kept.suspend && !now.suspend ? ['suspend' as const] : []),
  ...(kept.whenEmpty && !now.whenEmpty ? ['whenEmpty' as const] : []),
  ...settingNames.filter((name) => kept.settings[name] !== now.settings[name]),
];
