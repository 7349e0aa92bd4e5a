/**
 * Where one conference stands, told from its record alone: it needs no manifest, no lease and no call. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { settingNames, toBody, type Body, type Setting, type SettingValue } from '../conference/settings.js';
import type { Declared, DeclaredSetting } from '../desired/desired.js';
import { isCompleted } from '../ledger/entry.js';
import type {
  Condition,
  ConferenceRecord,
  DeclaredSnapshot,
  LastCall,
  Sighting,
  Trouble,
} from '../ledger/record.js';
import type { Holder } from '../ledger/store.js';
import { diff } from './diff.js';
import { driftIn, type DriftedSetting } from './drifted.js';
import { laneFor, type Lane } from './lane.js';
import { callsOf, type PlanRules } from './make-plan.js';
import type { Change } from './plan.js';

/**
 * - `settled`: as declared. - `drifted`: applied as declared, but the last GET showed something else.
 * - `ended`: by itself, or so an event says; nothing is to be sent to it any more.
 * - `calling`: a call is under way. - `waiting`: a call is needed.
 * - `failing`: tried, and tried again. - `missing`: the API does not know it. - `rejected`: the API refuses it.
 * - `blocked`: it has ended and can not be what is declared. - `suspended`: left alone as declared.
 * - `undeclared`: known, but not declared any more.
 */
export const standings = [
  'settled',
  'drifted',
  'ended',
  'calling',
  'waiting',
  'failing',
  'missing',
  'rejected',
  'blocked',
  'suspended',
  'undeclared',
] as const;

export type Standing = (typeof standings)[number];

export interface ConferenceStatus {
  readonly conference: ConferenceId;
  readonly standing: Standing;
  readonly declared: O.Option<DeclaredSnapshot>;
  readonly applied: Body;
  /** Values that a call carried which may or may not have been executed. */
  readonly inDoubt: Body;
  readonly completed: boolean;
  readonly protected: boolean;
  readonly trouble: O.Option<Trouble>;
  readonly lastCall: O.Option<LastCall>;
  /** The lane of the call that is needed. */
  readonly lane: O.Option<Lane>;
  /** Since when it is declared so, where a call is needed. */
  readonly waitingSinceMs: O.Option<number>;
  /** What the last GET showed. */
  readonly sighting: O.Option<Sighting>;
  readonly drift: readonly DriftedSetting[];
  readonly endReportedAtMs: O.Option<number>;
}

/** What of a record decides where it stands. */
export interface StandingRules extends Pick<PlanRules, 'onRemove' | 'maxAudience'> {
  readonly writer: O.Option<Holder>;
}

/** What counts of a conference, where they are many. */
export interface Tally {
  readonly standing: Standing;
  readonly inDoubt: boolean;
  /** Calls that are needed, and the lane of them. */
  readonly calls: number;
  readonly lane: O.Option<Lane>;
  readonly waitingSinceMs: O.Option<number>;
  readonly driftedSettings: number;
}

export const tallyOf = (record: ConferenceRecord, rules: StandingRules): Tally => {
  const change = changeFor(record, rules);
  const waits = !isRejected(record, change);
  const lane = laneFor(change);
  return {
    standing: standingOf(record, change, rules.writer),
    inDoubt: settingNames.some((setting) => record.settings[setting]?._tag === 'InDoubt'),
    calls: waits ? callsOf(change) : 0,
    lane,
    waitingSinceMs: waits && O.isSome(lane) ? record.declaredSinceMs : O.none,
    driftedSettings: driftOf(record).length,
  };
};

export const conferenceStatus = (record: ConferenceRecord, rules: StandingRules): ConferenceStatus => {
  const { standing, lane, waitingSinceMs } = tallyOf(record, rules);
  return {
    conference: record.id,
    standing,
    declared: record.declared,
    applied: valuesIn(record, 'Applied'),
    inDoubt: valuesIn(record, 'InDoubt'),
    completed: isCompleted(record),
    protected: record.protected,
    trouble: record.trouble,
    lastCall: record.lastCall,
    lane,
    waitingSinceMs,
    sighting: record.sighting,
    drift: driftOf(record),
    endReportedAtMs: record.endReportedAtMs,
  };
};

/** It waits for another declaration, and not for a call. */
const isRejected = ({ trouble }: ConferenceRecord, { _tag }: Change): boolean =>
  _tag !== 'None' && O.exists(({ kind }: Trouble) => kind === 'rejected')(trouble);

const standingOf = (record: ConferenceRecord, change: Change, writer: O.Option<Holder>): Standing => {
  const { presence, intent, trouble } = record;
  // An intent from before the writer is what a process left behind when it was killed.
  if (O.isSome(intent) && O.isSome(writer) && intent.value.startedAtMs >= writer.value.sinceMs)
    return 'calling';
  if (presence !== 'declared') return O.isSome(trouble) ? trouble.value.kind : 'undeclared';
  switch (change._tag) {
    case 'Suspended':
      return 'suspended';
    case 'Blocked':
      return 'blocked';
    case 'Update':
    case 'Complete':
      return O.isSome(trouble) ? trouble.value.kind : 'waiting';
    case 'None':
      if (O.isSome(record.endReportedAtMs)) return 'ended';
      return change.read ? 'waiting' : restOf(record);
    case 'Release':
      return 'undeclared';
  }
};

/** Nothing is to be sent. */
const restOf = (record: ConferenceRecord): Standing => {
  const { declared, trouble } = record;
  if (isCompleted(record)) {
    const isDeclaredSo = O.exists(({ settings }: DeclaredSnapshot) => settings.state !== undefined)(declared);
    return isDeclaredSo ? 'settled' : 'ended';
  }
  // A GET may find that the API does not know it any more.
  if (O.exists(({ kind }: Trouble) => kind === 'missing')(trouble)) return 'missing';
  return driftOf(record).length > 0 ? 'drifted' : 'settled';
};

const driftOf = (record: ConferenceRecord): readonly DriftedSetting[] =>
  record.presence === 'declared' && O.isSome(record.declared)
    ? driftIn(declaredAgain(record.id, record.declared.value), record)
    : [];

const changeFor = (record: ConferenceRecord, { onRemove, maxAudience }: StandingRules): Change =>
  diff(
    {
      conference: record.id,
      declared:
        record.presence === 'declared'
          ? O.map((snapshot: DeclaredSnapshot) => declaredAgain(record.id, snapshot))(record.declared)
          : O.none,
      record: O.some(record),
      live: O.none,
    },
    { onRemove, maxAudience, removals: 'count', heal: false },
  );

/** What was declared, from what the ledger kept of it. */
const declaredAgain = (id: ConferenceId, snapshot: DeclaredSnapshot): Declared => {
  const { at, name, suspend, whenEmpty } = snapshot;
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const setting of settingNames) {
    const value = snapshot.settings[setting];
    if (value !== undefined) settings[setting] = { value: O.some(value), at, origin: 'own' };
  }
  return { id, at, name, protect: O.none, suspend, whenEmpty, settings };
};

const valuesIn = ({ settings }: ConferenceRecord, tag: Condition['_tag']): Body =>
  toBody(
    settingNames.flatMap((setting): readonly (readonly [Setting, SettingValue])[] => {
      const condition = settings[setting];
      return condition?._tag === tag ? [[setting, condition.value]] : [];
    }),
  );
