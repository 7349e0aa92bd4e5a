/**
 * Drift: a live value that is not the one that was applied, although nobody changed the declaration. Pure.
 *
 * Laws: what is in doubt has not drifted, because nobody knows what it should be; a setting that is as applied
 * again has not drifted; `sinceMs` is when it was first seen, whatever value it had then.
 */
import * as O from 'fp-ts/lib/Option.js';
import {
  defaults,
  sameValue,
  settingNames,
  type Body,
  type Setting,
  type SettingValue,
} from '../conference/settings.js';
import type { Conditions, Drift, Drifted, Intent, Sighting } from './record.js';

/** `live`: what a GET answered; what it leaves out has its default, or is not set. */
export const driftOf = (conditions: Conditions, live: Body, before: Drift, atMs: number): Drift => {
  const drift: Partial<Record<Setting, Drifted>> = {};
  for (const setting of settingNames) {
    const condition = conditions[setting];
    if (setting === 'state' || condition?._tag !== 'Applied') continue;
    const seen = liveValue(setting, live);
    if (O.exists((value: SettingValue) => sameValue(value, condition.value))(seen)) continue;
    drift[setting] = { live: seen, sinceMs: before[setting]?.sinceMs ?? atMs };
  }
  return drift;
};

/** An answer leaves out what was never set: what is absent has its default, or is not set at all. */
export const liveValue = (setting: Setting, live: Body): O.Option<SettingValue> =>
  O.fromNullable(live[setting] ?? defaults[setting]);

/** What a call has set is as applied. */
export const driftAfterCall = (drift: Drift, body: Body): Drift => {
  const left: Partial<Record<Setting, Drifted>> = {};
  for (const setting of settingNames) {
    const drifted = drift[setting];
    if (drifted !== undefined && body[setting] === undefined) left[setting] = drifted;
  }
  return left;
};

/** The call set again what had been applied before, because it had drifted. */
export const healed = (drift: Drift, body: Body, intent: O.Option<Intent>): boolean =>
  O.isSome(intent) &&
  settingNames.some((setting) => {
    const before = intent.value.before[setting];
    return (
      drift[setting] !== undefined &&
      body[setting] !== undefined &&
      before?._tag === 'Applied' &&
      sameValue(before.value, body[setting])
    );
  });

const flips = 3;
const flipsWithinMs = 10 * 60_000;

/**
 * Somebody else sets it as often as we do: it drifted again after three calls had put it right within ten
 * minutes. It stays so until it drifts no more, or is declared otherwise. `isOurs`: what would be set again;
 * what nobody declares may drift for ever, and says nothing of that.
 */
export const isContested = (
  { drift, healedAtMs }: Sighting,
  isOurs: (setting: Setting) => boolean = () => true,
): boolean => {
  const first = healedAtMs.at(-flips);
  const since = settingNames.flatMap((setting) => {
    const drifted = drift[setting];
    return drifted === undefined || !isOurs(setting) ? [] : [drifted.sinceMs];
  });
  return first !== undefined && since.length > 0 && Math.min(...since) - first <= flipsWithinMs;
};
