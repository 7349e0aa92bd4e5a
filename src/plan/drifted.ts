/** Drift beside what is declared: which settings of a conference are not what was applied any more. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import { plainLive, plainValue } from '../conference/plain-value.js';
import { sameValue, settingNames, type Setting, type SettingValue } from '../conference/settings.js';
import { isDeclaredCompleted, type Declared, type Desired } from '../desired/desired.js';
import { isContested } from '../ledger/drift.js';
import { isCompleted } from '../ledger/entry.js';
import type { ConferenceRecord } from '../ledger/record.js';

export interface DriftedSetting {
  readonly setting: Setting;
  /** none: not declared any more, or declared `null`. */
  readonly declared: O.Option<SettingValue>;
  readonly applied: SettingValue;
  /** none: not set, and there is no default. */
  readonly live: O.Option<SettingValue>;
  /** When a GET first showed it; epoch ms. */
  readonly sinceMs: number;
  /** Where it is declared, or else its conference. */
  readonly at: Place;
}

/** A conference whose settings somebody else changes as often as they are set again. */
export interface Contested {
  readonly conference: ConferenceId;
  readonly drifted: readonly DriftedSetting[];
  readonly at: Place;
}

/** What somebody else sets as often as holdfast does. */
export const contestedWords = (drifted: readonly DriftedSetting[]): string => {
  const settings = drifted.map(
    ({ setting, applied, live }) =>
      `${setting} (declared ${brief(plainValue(applied))}, live ${brief(plainLive(live))})`,
  );
  return `drifted again after it was set three times within ten minutes, and is left alone until it drifts no more or is declared otherwise: ${settings.join(', ')}`;
};

/** A tag has no limit, and an alert is one line. */
const brief = (text: string): string => {
  const characters = Array.from(text);
  return characters.length > 80 ? `${characters.slice(0, 80).join('')}…` : text;
};

interface ContestedInput {
  readonly desired: Desired;
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
  readonly rules: { readonly heal: boolean };
}

/** For the alerts: what is left alone because somebody else sets it, too. */
export const contestedIn = ({ desired, records, rules }: ContestedInput): readonly Contested[] =>
  rules.heal
    ? [...desired.values()].flatMap((declared) => {
        const record = records.get(declared.id);
        const contested = record === undefined ? O.none : contestedBy(declared, record);
        return O.isSome(contested) ? [contested.value] : [];
      })
    : [];

export const driftIn = (declared: Declared, record: ConferenceRecord): readonly DriftedSetting[] => {
  const { sighting, settings } = record;
  // What is about to end, has ended or is left alone has no drift that matters.
  if (O.isNone(sighting) || declared.suspend || isCompleted(record) || isDeclaredCompleted(declared.settings))
    return [];
  return settingNames.flatMap((setting) => {
    const drifted = sighting.value.drift[setting];
    const condition = settings[setting];
    if (drifted === undefined || condition?._tag !== 'Applied') return [];
    const { value, at } = declared.settings[setting] ?? { value: O.none, at: declared.at };
    return [{ setting, declared: value, applied: condition.value, ...drifted, at }];
  });
};

export const contestedBy = (declared: Declared, record: ConferenceRecord): O.Option<Contested> => {
  if (O.isNone(record.sighting)) return O.none;
  const drifted = driftIn(declared, record).filter(isOurs);
  return isContested(record.sighting.value, (setting) => drifted.some((one) => one.setting === setting))
    ? O.some({ conference: declared.id, drifted, at: declared.at })
    : O.none;
};

/** It would be set again. */
const isOurs = ({ declared, applied }: DriftedSetting): boolean =>
  O.exists((value: SettingValue) => sameValue(value, applied))(declared);
