/**
 * Where all conferences stand, told from the ledger alone: it needs no manifests, no lease and no call, so that it
 * can be asked while a daemon works. They are counted without being shown, and shown one by one: there may be a
 * hundred thousand. Pure.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { Alert, Holder, Rate, RevisionInForce, Stored } from '../ledger/store.js';
import { grantedBelow } from './granted.js';
import { lanes, type Lane } from './lane.js';
import { secondsFor, type PlanRules } from './make-plan.js';
import {
  conferenceStatus,
  tallyOf,
  type ConferenceStatus,
  type Standing,
  type StandingRules,
  type Tally,
} from './standing.js';

export interface Status {
  readonly revision: O.Option<RevisionInForce>;
  readonly writer: O.Option<Holder>;
  readonly alerts: readonly Alert[];
  readonly budget: StatusBudget;
  readonly summary: StatusSummary;
  /** Settings whose live value is not the one that was applied. */
  readonly driftedSettings: number;
  /** In the order of their ids, each made when it is asked for, as often as it is. */
  readonly conferences: Iterable<ConferenceStatus>;
}

export interface StatusBudget {
  readonly rate: Rate;
  /** What the API granted when it was last asked for more; none: as much as was asked for. Calls per second. */
  readonly granted: O.Option<number>;
  /** Calls that are needed, by lane. */
  readonly lanes: Readonly<Record<Lane, number>>;
  /** Since when the oldest of them is, by lane; epoch ms. none: nothing waits. */
  readonly oldestIn: Readonly<Record<Lane, O.Option<number>>>;
  readonly oldestSinceMs: O.Option<number>;
}

export type StatusSummary = { readonly [standing in Standing]: number } & {
  readonly conferences: number;
  readonly inDoubt: number;
  readonly calls: number;
  /** At what the API grants, rounded up; 0 when unlimited. */
  readonly seconds: number;
};

/** What a status has to know to say which calls are needed. */
export type StatusRules = Pick<PlanRules, 'rate' | 'onRemove' | 'maxAudience'>;

export type Known = Pick<Stored, 'records' | 'facts' | 'writer'>;

export const statusOf = (stored: Known, rules: StatusRules): Status => {
  const counting = countStatus(stored, rules, tallyOf);
  for (let step = counting.next(); ; step = counting.next()) if (step.done === true) return step.value;
};

/** So many conferences are counted between two pauses: some milliseconds. */
const countedAtOnce = 1_000;

/** The same with pauses, in which whoever drives it may do something else: what it shows was true at the first. */
export function* countStatus(
  { records, facts, writer }: Known,
  rules: StatusRules,
  tally: typeof tallyOf,
): Generator<void, Status> {
  // What a daemon is asked for is what it takes, whatever was said to who asks how it is.
  const rate = O.isSome(writer) ? O.getOrElse(() => rules.rate)(facts.rate) : rules.rate;
  const how: StandingRules = { ...rules, writer };
  const known: ConferenceRecord[] = [];
  for (const record of records.values()) if (record.presence !== 'released') known.push(record);
  const counted = nothingCounted();
  for (const [number, record] of known.entries()) {
    if (number > 0 && number % countedAtOnce === 0) yield;
    add(counted, tally(record, how));
  }
  const granted = grantedBelow(facts.budget, rate);
  const { inDoubt, calls, oldestIn, driftedSettings } = counted;
  const allCalls = calls[1] + calls[2] + calls[3];
  return {
    revision: facts.revision,
    writer,
    alerts: facts.alerts,
    budget: {
      rate,
      granted,
      lanes: calls,
      oldestIn,
      oldestSinceMs: oldestOf(lanes.map((lane) => oldestIn[lane])),
    },
    summary: {
      conferences: known.length,
      ...counted.standings,
      inDoubt,
      calls: allCalls,
      seconds: secondsFor(allCalls, grantedRate({ rate, granted })),
    },
    driftedSettings,
    conferences: { [Symbol.iterator]: () => shown(known, how) },
  };
}

/** What the time left is reckoned with. */
export const grantedRate = ({ rate, granted }: Pick<StatusBudget, 'rate' | 'granted'>): Rate =>
  O.isSome(granted) ? granted.value : rate;

interface Counted {
  readonly standings: Record<Standing, number>;
  inDoubt: number;
  readonly calls: Record<Lane, number>;
  readonly oldestIn: Record<Lane, O.Option<number>>;
  driftedSettings: number;
}

const nothingCounted = (): Counted => ({
  standings: {
    settled: 0,
    drifted: 0,
    ended: 0,
    calling: 0,
    waiting: 0,
    failing: 0,
    missing: 0,
    rejected: 0,
    blocked: 0,
    suspended: 0,
    undeclared: 0,
  },
  inDoubt: 0,
  calls: { 1: 0, 2: 0, 3: 0 },
  oldestIn: { 1: O.none, 2: O.none, 3: O.none },
  driftedSettings: 0,
});

const add = (
  counted: Counted,
  { standing, inDoubt, calls, lane, waitingSinceMs, driftedSettings }: Tally,
): void => {
  counted.standings[standing] += 1;
  if (inDoubt) counted.inDoubt += 1;
  counted.driftedSettings += driftedSettings;
  if (O.isNone(lane)) return;
  counted.calls[lane.value] += calls;
  counted.oldestIn[lane.value] = oldestOf([counted.oldestIn[lane.value], waitingSinceMs]);
};

const oldestOf = (times: readonly O.Option<number>[]): O.Option<number> =>
  times.reduce((least, time) => {
    if (O.isNone(least)) return time;
    return O.isSome(time) && time.value < least.value ? time : least;
  }, O.none);

function* shown(known: readonly ConferenceRecord[], rules: StandingRules): Generator<ConferenceStatus> {
  for (const record of known.toSorted(byConference)) yield conferenceStatus(record, rules);
}

const byConference = (left: ConferenceRecord, right: ConferenceRecord): number =>
  left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
