/**
 * The core of holdfast: `makePlan` is pure and total. It puts desired, ledger and live side by side by
 * conference, takes the diff of each, and checks the whole for safety.
 *
 * Laws: the plan does not depend on the order of its inputs; a plan of what was applied is empty; the same
 * input gives the same bytes.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Revision } from '../conference/revision.js';
import { plainLive, plainValue } from '../conference/plain-value.js';
import { defaults, sealBody, settingNames, type Setting } from '../conference/settings.js';
import type { Declared, Desired } from '../desired/desired.js';
import { driftOf } from '../ledger/drift.js';
import { driftIn } from './drifted.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { diff, diffDespiteEvents, lingering, type Comparison, type DiffRules } from './diff.js';
import type { Rate } from '../ledger/store.js';
import type { Change, Plan, Remark, Summary } from './plan.js';
import { knownTo, nobodyQuiet, refusals, type Quiet, type SafetyRules } from './safety.js';

export interface PlanInput extends Revision {
  readonly desired: Desired;
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
  /** What GETs answered; empty when nobody asked. */
  readonly live: ReadonlyMap<ConferenceId, Live>;
  readonly rules: PlanRules;
}

export interface PlanRules extends DiffRules, SafetyRules {
  readonly rate: Rate;
}

export const makePlan = (input: PlanInput): Plan => makePlanOfSome(input, nobodyQuiet);

/** What comes of comparing the two sides of one conference. */
export interface Compared {
  readonly change: Change;
  readonly notes: readonly Remark[];
}

export const compare = (comparison: Comparison, rules: DiffRules): Compared => ({
  change: diff(comparison, rules),
  notes: notesOn(comparison),
});

/**
 * The same plan, but for the changes `None` of the quiet ones, where neither `desired` nor `records` has them.
 * Who is quiet, `src/plan/quiet.ts` tells. `comparedIn`: `compare`, or whoever remembers what that gave.
 */
export const makePlanOfSome = (input: PlanInput, quiet: Quiet, comparedIn = compare): Plan => {
  const ids = idsIn(input).sort(byId);
  const compared = ids.map((conference) => comparedIn(comparisonOf(conference, input), input.rules));
  const changes = byLane(compared.map(({ change }) => change));
  return {
    revision: input.revision,
    commit: input.commit,
    changes,
    notes: compared.flatMap(({ notes }) => notes),
    refused: refusals(
      changes.map((change) =>
        change._tag === 'None' && change.read ? despiteEvents(change.conference, input) : change,
      ),
      input.desired,
      input.records,
      input.rules,
      quiet,
    ),
    summary: withQuiet(summarise(changes, input.rules.rate), quiet),
  };
};

/** Each once. */
const idsIn = ({ desired, records }: PlanInput): ConferenceId[] => {
  const ids = [...desired.keys()];
  for (const conference of knownTo(records)) if (!desired.has(conference)) ids.push(conference);
  return ids;
};

/** The diff of one conference as things stand now: what apply takes again before each call. */
export const diffOf = (conference: ConferenceId, input: PlanInput): Change =>
  diff(comparisonOf(conference, input), input.rules);

export const compareIn = (conference: ConferenceId, input: PlanInput): Compared =>
  compare(comparisonOf(conference, input), input.rules);

const comparisonOf = (conference: ConferenceId, { desired, records, live }: PlanInput): Comparison => ({
  conference,
  declared: O.fromNullable(desired.get(conference)),
  record: O.fromNullable(records.get(conference)),
  live: O.fromNullable(live.get(conference)),
});

/** The same, should an event that says it has ended not be true. */
export const despiteEvents = (conference: ConferenceId, input: PlanInput): Change =>
  diffDespiteEvents(comparisonOf(conference, input), input.rules);

/** Calls that a change costs. Counting the people in it and deciding a doubt take a GET. */
export const callsOf = (change: Change): number => {
  switch (change._tag) {
    case 'Update':
    case 'Complete':
      return change.guard._tag === 'Free' ? 1 : 2;
    case 'None':
      return change.read ? 1 : 0;
    case 'Release':
    case 'Suspended':
    case 'Blocked':
      return 0;
  }
};

/** Seconds that so many calls take, rounded up; 0 when unlimited. */
export const secondsFor = (calls: number, rate: Rate): number =>
  // Floating point says that 21 calls at 0.7/s take 30.000000000000004 s, which is not 31 s.
  rate === 'unlimited' ? 0 : Math.ceil(Number((calls / rate).toFixed(6)));

export const summarise = (changes: readonly Change[], rate: Rate): Summary => {
  const counts = { Update: 0, Complete: 0, Release: 0, None: 0, Blocked: 0, Suspended: 0 };
  let calls = 0;
  for (const change of changes) {
    counts[change._tag] += 1;
    calls += callsOf(change);
  }
  return {
    update: counts.Update,
    complete: counts.Complete,
    release: counts.Release,
    none: counts.None,
    blocked: counts.Blocked,
    suspended: counts.Suspended,
    calls,
    seconds: secondsFor(calls, rate),
  };
};

const withQuiet = (summary: Summary, { known, unknown }: Quiet): Summary => ({
  ...summary,
  none: summary.none + known + unknown,
});

const notesOn = ({ conference, live, ...sides }: Comparison): readonly Remark[] => {
  if (O.isNone(sides.declared) || O.isNone(sides.record)) return noRemarks;
  const [declared, record] = [sides.declared.value, sides.record.value];
  const messages = messagesOn(declared, record, live);
  return messages.length === 0
    ? noRemarks
    : messages.map((message) => ({ conference, message, at: O.some(declared.at) }));
};

const noRemarks: readonly Remark[] = [];

/** What is worth knowing of a conference that is declared and known to the ledger. */
export const messagesOn = (
  declared: Declared,
  record: ConferenceRecord,
  live: O.Option<Live>,
): readonly string[] =>
  declared.suspend
    ? []
    : [
        ...lingering(declared, record).map(
          (setting) =>
            `${setting} is not declared any more but stays ${lastValue(record, setting)}: the API has no way to unset it`,
        ),
        ...undeclaredDrift(declared, record, live),
        ...(O.isSome(live) ? [] : knownDrift(declared, record)),
        ...(record.settings.state?._tag === 'InDoubt' && declared.settings.state === undefined
          ? ['whether it was completed is in doubt; the next answer of the API decides']
          : []),
      ];

/** What an earlier GET showed. */
const knownDrift = (declared: Declared, record: ConferenceRecord): readonly string[] =>
  driftIn(declared, record).map(
    ({ setting, applied, live }) =>
      `${setting} was ${plainLive(live)} when it was last read, although ${plainValue(applied)} was applied: --refresh reads it again`,
  );

const lastValue = ({ settings }: ConferenceRecord, setting: Setting): string => {
  const condition = settings[setting];
  if (condition === undefined) return 'as it is';
  const { value, _tag } = condition;
  return _tag === 'InDoubt' ? `${plainValue(value)} (in doubt)` : plainValue(value);
};

/** What somebody changed elsewhere and nobody declares any more: nothing is sent for it. */
const undeclaredDrift = (
  declared: Declared,
  record: ConferenceRecord,
  live: O.Option<Live>,
): readonly string[] => {
  if (O.isNone(live) || live.value.state === 'completed') return [];
  const drift = driftOf(record.settings, sealBody(live.value.settings), {}, 0);
  return settingNames.flatMap((setting) => {
    const drifted = drift[setting];
    if (drifted === undefined || declared.settings[setting] !== undefined) return [];
    return isToBeReset(setting, record)
      ? []
      : [
          `${setting} is not declared and was changed elsewhere: applied ${lastValue(record, setting)}, live ${plainLive(drifted.live)}; it is left alone`,
        ];
  });
};

const isToBeReset = (setting: Setting, { settings }: ConferenceRecord): boolean =>
  defaults[setting] !== undefined && settings[setting]?.value !== defaults[setting];

export const byId = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** The ids are in order already. */
const byLane = (changes: readonly Change[]): readonly Change[] => {
  const lanes: Readonly<Record<1 | 2 | 3, Change[]>> = { 1: [], 2: [], 3: [] };
  for (const change of changes) lanes[laneNumber(change)].push(change);
  return [...lanes[1], ...lanes[2], ...lanes[3]];
};

const laneNumber = (change: Change): 1 | 2 | 3 =>
  change._tag === 'Update' || change._tag === 'Complete' ? change.lane : 3;
