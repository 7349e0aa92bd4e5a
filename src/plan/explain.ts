/**
 * Why each setting of one conference is what it is: declared where, applied by which call, in doubt or waiting why,
 * and what was last seen live. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Commit, Revision } from '../conference/revision.js';
import { settingNames, type Setting, type SettingValue } from '../conference/settings.js';
import type { Declared, Desired, Origin } from '../desired/desired.js';
import type { Condition, ConferenceRecord } from '../ledger/record.js';
import type { Alert, Call, Stored } from '../ledger/store.js';
import { diffOf, type PlanRules } from './make-plan.js';
import type { Change, SettingChange } from './plan.js';
import { conferenceStatus, type ConferenceStatus } from './standing.js';

export interface Explanation {
  readonly conference: ConferenceId;
  /** What is declared now; its commit is the one whose files were read. */
  readonly revision: Revision;
  readonly declared: O.Option<Declared>;
  /** Who wrote the line with the id. */
  readonly declaredBy: O.Option<Commit>;
  /** none: the ledger does not know it. */
  readonly status: O.Option<ConferenceStatus>;
  /** What has to happen to it. */
  readonly change: Change;
  /** Declared, or known to the ledger. */
  readonly settings: readonly SettingExplanation[];
  /** What else keeps it from being as declared. */
  readonly alerts: readonly Alert[];
  /** Nobody is at work who would make the call. */
  readonly isIdle: boolean;
}

export interface SettingExplanation {
  readonly setting: Setting;
  readonly declared: O.Option<DeclaredHere>;
  readonly condition: O.Option<Condition>;
  /** The last call that carried it. */
  readonly call: O.Option<Call>;
  readonly live: O.Option<LiveHere>;
  readonly next: O.Option<SettingChange>;
}

export interface DeclaredHere {
  /** none: `null`, not ours. */
  readonly value: O.Option<SettingValue>;
  readonly at: Place;
  readonly origin: Origin;
  /** Who wrote the line; none: nobody knows. */
  readonly by: O.Option<Commit>;
}

export interface LiveHere {
  /** none: not set. */
  readonly value: O.Option<SettingValue>;
  readonly atMs: number;
}

export interface Known {
  readonly revision: Revision;
  readonly desired: Desired;
  readonly stored: Pick<Stored, 'records' | 'facts' | 'writer'>;
  /** Of this conference, newest first. */
  readonly calls: readonly Call[];
  readonly writtenBy: (at: Place) => O.Option<Commit>;
  readonly rules: PlanRules;
}

/** none: it is neither declared nor known to the ledger. */
export const explain = (conference: ConferenceId, known: Known): O.Option<Explanation> => {
  const { desired, stored, rules, revision, writtenBy } = known;
  const declared = O.fromNullable(desired.get(conference));
  const record = O.fromNullable(stored.records.get(conference));
  if (O.isNone(declared) && O.isNone(record)) return O.none;
  const change = diffOf(conference, {
    ...revision,
    desired,
    records: stored.records,
    live: new Map(),
    rules,
  });
  return O.some({
    conference,
    revision,
    declared,
    declaredBy: O.chain(({ at }: Declared) => writtenBy(at))(declared),
    status: O.chain((own: ConferenceRecord) => statusFor(own, known))(record),
    change,
    settings: settingNames
      .map((setting) => explainSetting(setting, declared, record, change, known))
      .filter(({ declared: here, condition }) => O.isSome(here) || O.isSome(condition)),
    alerts: stored.facts.alerts.filter((alert) => isAbout(alert, conference, declared)),
    isIdle: O.isNone(stored.writer),
  });
};

const statusFor = (record: ConferenceRecord, { stored, rules }: Known): O.Option<ConferenceStatus> =>
  record.presence === 'released'
    ? O.none
    : O.some(conferenceStatus(record, { ...rules, writer: stored.writer }));

const explainSetting = (
  setting: Setting,
  declared: O.Option<Declared>,
  record: O.Option<ConferenceRecord>,
  change: Change,
  { calls, writtenBy }: Known,
): SettingExplanation => {
  const here = O.chain(({ settings }: Declared) => O.fromNullable(settings[setting]))(declared);
  const condition = O.chain(({ settings }: ConferenceRecord) => O.fromNullable(settings[setting]))(record);
  return {
    setting,
    declared: O.map(
      ({ value, at, origin }: { value: O.Option<SettingValue>; at: Place; origin: Origin }) => ({
        value,
        at,
        origin,
        by: writtenBy(at),
      }),
    )(here),
    condition,
    call: O.fromNullable(calls.find(({ body }) => body[setting] !== undefined)),
    live: O.chain((own: ConferenceRecord) => liveOf(setting, own, condition))(record),
    next:
      'settings' in change
        ? O.fromNullable(change.settings.find((step) => step.setting === setting))
        : O.none,
  };
};

/** What a GET saw that was no drift is what had been applied. */
const liveOf = (
  setting: Setting,
  { sighting }: ConferenceRecord,
  condition: O.Option<Condition>,
): O.Option<LiveHere> => {
  if (O.isNone(sighting)) return O.none;
  const { drift, atMs } = sighting.value;
  const drifted = drift[setting];
  if (drifted !== undefined) return O.some({ value: drifted.live, atMs });
  return O.isSome(condition) && condition.value._tag === 'Applied'
    ? O.some({ value: O.some(condition.value.value), atMs })
    : O.none;
};

/** The account, the repository and its file concern a conference; another conference does not. */
const isAbout = (
  { kind, message, at }: Alert,
  conference: ConferenceId,
  declared: O.Option<Declared>,
): boolean => {
  switch (kind) {
    case 'refused':
    case 'contested':
      return message.startsWith(`${conference}:`);
    case 'invalid':
      return O.isNone(declared) || O.isNone(at) || at.value.path === declared.value.at.path;
    case 'denied':
    case 'unreachable':
    case 'unsigned':
    case 'rewound':
    case 'unfetched':
      return true;
  }
};
