/**
 * What is worth telling of the drift of one conference, once for as long as it lasts. Pure.
 *
 * Law: telling it again of the same record says nothing.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Setting } from '../conference/settings.js';
import type { Declared } from '../desired/desired.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { contestedBy, driftIn } from '../plan/drifted.js';
import type { DaemonEvent } from './daemon-event.js';

/** What was told of a conference, and still holds. */
export interface Told {
  readonly drifted: readonly Setting[];
  readonly contested: boolean;
}

export const nothingTold: Told = { drifted: [], contested: false };

export const driftNews = (
  told: Told,
  declared: Declared,
  record: ConferenceRecord,
  heal: boolean,
): { readonly events: readonly DaemonEvent[]; readonly told: Told } => {
  const { id: conference, at } = declared;
  const drifted = driftIn(declared, record);
  const settings = drifted.map(({ setting }) => setting);
  const over = told.drifted.filter((setting) => !settings.includes(setting));
  const contested = heal ? contestedBy(declared, record) : O.none;
  return {
    events: [
      ...drifted
        .filter(({ setting }) => !told.drifted.includes(setting))
        .map((one) => ({ _tag: 'Drifted' as const, conference, drifted: one })),
      ...(over.length > 0 ? [{ _tag: 'DriftOver' as const, conference, settings: over, at }] : []),
      ...(O.isSome(contested) && !told.contested
        ? [{ _tag: 'Contested' as const, contested: contested.value }]
        : []),
    ],
    told: { drifted: settings, contested: O.isSome(contested) },
  };
};
