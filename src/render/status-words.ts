/** What the texts and the JSON of a status have in common. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { settingNames, type Setting, type SettingValue } from '../conference/settings.js';
import type { Drift, Drifted } from '../ledger/record.js';
import type { ConferenceStatus } from '../plan/status.js';

export const outcomeWords = {
  Applied: 'applied',
  NotExecuted: 'not executed',
  InDoubt: 'in doubt',
  Ended: 'has ended',
} as const;

export interface DriftRow extends Drifted {
  readonly setting: Setting;
  readonly declared: SettingValue | undefined;
  readonly applied: SettingValue | undefined;
}

export const driftIn = ({ declared, applied }: ConferenceStatus, drift: Drift): readonly DriftRow[] =>
  settingNames.flatMap((setting) => {
    const drifted = drift[setting];
    const settings = O.isSome(declared) ? declared.value.settings : {};
    return drifted === undefined
      ? []
      : [{ setting, declared: settings[setting], applied: applied[setting], ...drifted }];
  });
