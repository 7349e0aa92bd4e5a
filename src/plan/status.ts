/**
 * Where every conference stands, told from the ledger alone: it needs no manifests, no lease and no call, so
 * that it can be asked while a daemon works. Pure.
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
import type { Alert, Facts, Holder, RevisionInForce, Stored, Rate } from '../ledger/store.js';
import { diff } from './diff.js';
import { driftIn, type DriftedSetting } from './drifted.js';
import { grantedBelow } from './granted.js';
import { laneFor, type Lane } from './lane.js';
import { callsOf, secondsFor, type PlanRules } from './make-plan.js';
import type { Change } from './plan.js';

export interface Status {
  readonly revision: O.Option<RevisionInForce>;
  readonly writer: O.Option<Holder>;
  readonly alerts: readonly Alert[];
  readonly budget: StatusBudget;
  readonly summary: StatusSummary;
  /** In the order of their ids. */
  readonly conferences: readonly ConferenceStatus[];
}

export interface StatusBudget {
  readonly rate: Rate;
  /** What the API granted when it was last asked for more; none: as much as was asked for. Calls per second. */
  readonly granted: O.Option<number>;
  /** Calls that are needed, by lane. */
  readonly lanes: Readonly<Record<Lane, number>>;
  /** Since when the oldest of them is; epoch ms. none: nothing waits. */
  readonly oldestSinceMs: O.Option<number>;
}

export type StatusSummary = { readonly [standing in Standing]: number } & {
  readonly conferences: number;
  readonly inDoubt: number;
  readonly calls: number;
  /** At what the API grants, rounded up; 0 when unlimited. */
  readonly seconds: number;
};

/**
 * - `settled`: as declared. - `drifted`: applied as declared, but the last GET showed something else.
 * - `ended`: by itself, or so an event says; nothing is to be sent to it any more.
 * - `calling`: a call is under way. - `waiting`: a call is needed.
 * - `failing`: tried, and tried again. - `missing`: the API does not know it. - `rejected`: the API refuses it.
 * - `blocked`: it has ended and can not be what is declared. - `suspended`: left alone as declared.
 * - `undeclared`: known, but not declared any more.
 */
export type Standing =
  | 'settled'
  | 'drifted'
  | 'ended'
  | 'calling'
  | 'waiting'
  | 'failing'
  | 'missing'
  | 'rejected'
  | 'blocked'
  | 'suspended'
  | 'undeclared';

export const standings: readonly Standing[] = [
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
];

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

/** What a status has to know to say which calls are needed. */
export type StatusRules = Pick<PlanRules, 'rate' | 'onRemove' | 'maxAudience'>;

export const statusOf = (
  { records, facts, writer }: Pick<Stored, 'records' | 'facts' | 'writer'>,
  rules: StatusRules,
): Status => {
  // What a daemon is asked for is what it takes, whatever was said to who asks how it is.
  const rate = O.isSome(writer) ? O.getOrElse(() => rules.rate)(facts.rate) : rules.rate;
  const known = [...records.values()].filter(({ presence }) => presence !== 'released').sort(byConference);
  const seen = known.map((record) => ({ record, change: changeFor(record, rules) }));
  const open = seen.filter(({ record, change }) => !isRejected(record, change));
  const conferences = seen.map(({ record, change }) => conferenceStatus(record, change, writer));
  const budget = budgetOf(
    conferences,
    open.map(({ change }) => change),
    facts,
    rate,
  );
  const calls = budget.lanes[1] + budget.lanes[2] + budget.lanes[3];
  const count = (standing: Standing): number =>
    conferences.filter((conference) => conference.standing === standing).length;
  return {
    revision: facts.revision,
    writer,
    alerts: facts.alerts,
    budget,
    summary: {
      conferences: conferences.length,
      settled: count('settled'),
      drifted: count('drifted'),
      ended: count('ended'),
      calling: count('calling'),
      waiting: count('waiting'),
      failing: count('failing'),
      missing: count('missing'),
      rejected: count('rejected'),
      blocked: count('blocked'),
      suspended: count('suspended'),
      undeclared: count('undeclared'),
      inDoubt: conferences.filter(({ inDoubt }) => Object.keys(inDoubt).length > 0).length,
      calls,
      seconds: secondsFor(calls, grantedRate(budget)),
    },
    conferences,
  };
};

/** What the time left is reckoned with. */
export const grantedRate = ({ rate, granted }: Pick<StatusBudget, 'rate' | 'granted'>): Rate =>
  O.isSome(granted) ? granted.value : rate;

const budgetOf = (
  conferences: readonly ConferenceStatus[],
  changes: readonly Change[],
  { budget }: Facts,
  rate: Rate,
): StatusBudget => {
  const callsIn = (lane: Lane): number =>
    changes.reduce((sum, change) => (isIn(lane, change) ? sum + callsOf(change) : sum), 0);
  const since = conferences.flatMap(({ waitingSinceMs }) =>
    O.isSome(waitingSinceMs) ? [waitingSinceMs.value] : [],
  );
  return {
    rate,
    granted: grantedBelow(budget, rate),
    lanes: { 1: callsIn(1), 2: callsIn(2), 3: callsIn(3) },
    oldestSinceMs: since.length === 0 ? O.none : O.some(since.reduce((least, ms) => Math.min(least, ms))),
  };
};

/** It waits for another declaration, and not for a call. */
const isRejected = ({ trouble }: ConferenceRecord, { _tag }: Change): boolean =>
  _tag !== 'None' && O.exists(({ kind }: Trouble) => kind === 'rejected')(trouble);

const isIn = (lane: Lane, change: Change): boolean => O.toUndefined(laneFor(change)) === lane;

const conferenceStatus = (
  record: ConferenceRecord,
  change: Change,
  writer: O.Option<Holder>,
): ConferenceStatus => ({
  conference: record.id,
  standing: standingOf(record, change, writer),
  declared: record.declared,
  applied: valuesIn(record, 'Applied'),
  inDoubt: valuesIn(record, 'InDoubt'),
  completed: isCompleted(record),
  protected: record.protected,
  trouble: record.trouble,
  lastCall: record.lastCall,
  lane: laneFor(change),
  waitingSinceMs: O.isSome(laneFor(change)) && !isRejected(record, change) ? record.declaredSinceMs : O.none,
  sighting: record.sighting,
  drift: driftOf(record),
  endReportedAtMs: record.endReportedAtMs,
});

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

const changeFor = (record: ConferenceRecord, { onRemove, maxAudience }: StatusRules): Change =>
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

const byConference = (left: ConferenceRecord, right: ConferenceRecord): number =>
  left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
