/**
 * What can happen to a record, and what it makes of it. The ledger is the fold of its entries, so that what a
 * crash leaves behind is always one of the states between two entries, and each of them is right:
 *
 * - *Intended* puts every setting of the call in doubt before the request leaves. A process that dies from
 *   here on has already said all that is known.
 * - *Finished* resolves the doubt: applied, not executed (the conditions from before the intent return), in
 *   doubt (nothing to add), or ended.
 * - *Withheld* takes an intent back whose call never left.
 * - *Abandoned* is written by the next process: an intent without an outcome is a doubt.
 * - *Sighted* is what a GET showed: it decides whether the conference has ended, and what has drifted.
 *   *EndReported* is what an event says, which the next GET has to confirm.
 *
 * Law: `evolve` returns the very same record when the entry changes nothing, so that nothing is written.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { showPlace } from '../conference/place.js';
import { bodyEntries, settingNames, type Body, type Setting } from '../conference/settings.js';
import { driftAfterCall, driftOf, healed } from './drift.js';
import {
  fingerprint,
  type Condition,
  type Conditions,
  type ConferenceRecord,
  type DeclaredSnapshot,
  type Outcome,
  type Sighting,
  type Trouble,
} from './record.js';
import type { Call, CallResult } from './store.js';

export type Entry =
  /** What the accepted revision declares. */
  | {
      readonly _tag: 'Declared';
      readonly conference: ConferenceId;
      readonly snapshot: DeclaredSnapshot;
      readonly atMs: number;
    }
  | { readonly _tag: 'Protected'; readonly conference: ConferenceId; readonly protected: boolean }
  /** Declared `null`: not ours any more. */
  | { readonly _tag: 'Forgotten'; readonly conference: ConferenceId; readonly settings: readonly Setting[] }
  /** Not declared any more; something may still have to be sent before it is released. */
  | { readonly _tag: 'Removed'; readonly conference: ConferenceId; readonly atMs: number }
  /** Not declared any more and nothing to send. */
  | { readonly _tag: 'Released'; readonly conference: ConferenceId }
  /** Everything is forgotten, protection included: the world it speaks of is gone. */
  | { readonly _tag: 'Erased'; readonly conference: ConferenceId }
  /** A call is about to leave. */
  | { readonly _tag: 'Intended'; readonly conference: ConferenceId; readonly call: Call }
  | {
      readonly _tag: 'Finished';
      readonly conference: ConferenceId;
      readonly call: Call;
      readonly result: CallResult;
      readonly trouble: O.Option<Trouble>;
      /** The conference is not declared any more: forget it when the call was applied, or when it has ended. */
      readonly forget: boolean;
    }
  /** The call never left: everything is as it was before the intent. */
  | {
      readonly _tag: 'Withheld';
      readonly conference: ConferenceId;
      readonly call: Call;
      readonly result: CallResult;
    }
  /** The process that intended a call is gone: what the call carried stays in doubt, and nothing is under way. */
  | { readonly _tag: 'Abandoned'; readonly conference: ConferenceId }
  /** What a GET answered at this moment. The settings are sealed. */
  | {
      readonly _tag: 'Sighted';
      readonly conference: ConferenceId;
      readonly completed: boolean;
      readonly settings: Body;
      readonly audience: O.Option<number>;
      readonly atMs: number;
    }
  /** An event says that the conference has ended. */
  | { readonly _tag: 'EndReported'; readonly conference: ConferenceId; readonly atMs: number }
  | { readonly _tag: 'Troubled'; readonly conference: ConferenceId; readonly trouble: O.Option<Trouble> };

export const evolve = (known: O.Option<ConferenceRecord>, entry: Entry): O.Option<ConferenceRecord> => {
  if (entry._tag === 'Erased') return O.none;
  const record = O.isSome(known) ? known.value : emptyRecord(entry.conference);
  const next = step(record, entry);
  if (next === 'forget') return record.presence === 'released' ? known : forget(record);
  return next === record ? known : O.some(next);
};

export const emptyRecord = (id: ConferenceId): ConferenceRecord => ({
  id,
  settings: {},
  protected: false,
  declared: O.none,
  intent: O.none,
  trouble: O.none,
  lastCall: O.none,
  presence: 'declared',
  declaredSinceMs: O.none,
  sighting: O.none,
  endReportedAtMs: O.none,
});

/** The API ended it, or we did: nothing can be changed any more. */
export const isCompleted = (record: ConferenceRecord): boolean => record.settings.state?._tag === 'Applied';

/** For a process that begins: only one writes, so whoever intended these calls is gone. */
export const abandonedIn = (records: ReadonlyMap<ConferenceId, ConferenceRecord>): readonly Entry[] =>
  [...records.values()].flatMap(({ id, intent }): readonly Entry[] =>
    O.isSome(intent) ? [{ _tag: 'Abandoned', conference: id }] : [],
  );

/** Same declaration at the same place, whenever it was made: most commits leave most conferences as they are. */
const sameSnapshot = (left: DeclaredSnapshot, right: DeclaredSnapshot): boolean =>
  fingerprint(left) === fingerprint(right) &&
  showPlace(left.at) === showPlace(right.at) &&
  O.toUndefined(left.name) === O.toUndefined(right.name);

const step = (
  record: ConferenceRecord,
  entry: Exclude<Entry, { _tag: 'Erased' }>,
): ConferenceRecord | 'forget' => {
  switch (entry._tag) {
    case 'Declared':
      return declare(record, entry.snapshot, entry.atMs);
    case 'Protected':
      return record.protected === entry.protected ? record : { ...record, protected: entry.protected };
    case 'Forgotten':
      return forgetSettings(record, entry.settings);
    case 'Removed':
      return remove(record, entry.atMs);
    case 'Released':
      return 'forget';
    case 'Intended':
      return intend(record, entry.call);
    case 'Finished':
      return finish(record, entry);
    case 'Withheld':
      return withhold(record, entry.call);
    case 'Abandoned':
      return O.isNone(record.intent) ? record : { ...record, intent: O.none };
    case 'Sighted':
      return sight(record, entry);
    case 'EndReported':
      return isCompleted(record) || O.isSome(record.endReportedAtMs)
        ? record
        : { ...record, endReportedAtMs: O.some(entry.atMs) };
    case 'Troubled':
      return sameTrouble(record.trouble, entry.trouble) ? record : { ...record, trouble: entry.trouble };
  }
};

// What went wrong with another declaration says nothing of this one.
const declare = (record: ConferenceRecord, snapshot: DeclaredSnapshot, atMs: number): ConferenceRecord => {
  const { declared, presence } = record;
  if (presence === 'declared' && O.isSome(declared) && sameSnapshot(declared.value, snapshot)) return record;
  const isSame = O.isSome(declared) && fingerprint(declared.value) === fingerprint(snapshot);
  return {
    ...record,
    declared: O.some(snapshot),
    presence: 'declared',
    ...(isSame && presence === 'declared' ? {} : declaredAnew(record, atMs)),
  };
};

const remove = (record: ConferenceRecord, atMs: number): ConferenceRecord =>
  record.presence === 'declared' ? { ...record, presence: 'removed', ...declaredAnew(record, atMs) } : record;

const declaredAnew = (
  { sighting }: ConferenceRecord,
  atMs: number,
): Pick<ConferenceRecord, 'trouble' | 'declaredSinceMs' | 'sighting'> => ({
  trouble: O.none,
  declaredSinceMs: O.some(atMs),
  sighting: O.map((seen: Sighting) => ({ ...seen, healedAtMs: [] }))(sighting),
});

// The word `protect` outlives its conference: bringing the id back must not bring the danger back.
const forget = (record: ConferenceRecord): O.Option<ConferenceRecord> =>
  record.protected ? O.some({ ...emptyRecord(record.id), protected: true, presence: 'released' }) : O.none;

// That a conference has ended is a fact and not a setting: it cannot be forgotten.
const forgetSettings = (record: ConferenceRecord, names: readonly Setting[]): ConferenceRecord => {
  const gone = names.filter(
    (name) => record.settings[name] !== undefined && !(name === 'state' && isCompleted(record)),
  );
  return gone.length === 0 ? record : { ...record, settings: without(record.settings, gone) };
};

const intend = (record: ConferenceRecord, call: Call): ConferenceRecord => {
  const { body } = call;
  const settings: Partial<Record<Setting, Condition>> = { ...record.settings };
  const before: Partial<Record<Setting, Condition>> = {};
  for (const [name, value] of bodyEntries(body)) {
    const condition = record.settings[name];
    if (condition !== undefined) before[name] = condition;
    settings[name] = { _tag: 'InDoubt', value, before: lastApplied(condition) };
  }
  const intent = O.some({ call: call.call, body, before, startedAtMs: call.startedAtMs });
  return { ...record, settings, intent };
};

/** A conference that was released meanwhile stays so; one that was declared again is not forgotten. */
const finish = (
  record: ConferenceRecord,
  { call, result, trouble, forget: forgets }: Extract<Entry, { _tag: 'Finished' }>,
): ConferenceRecord | 'forget' => {
  if (O.isNone(record.intent) || record.intent.value.call !== call.call) return record;
  // One that has ended has nothing left to be undone.
  const isDone = result.outcome === 'Applied' || result.outcome === 'Ended';
  if (forgets && isDone && record.presence === 'removed') return 'forget';
  const { body } = call;
  const settings = conditionsAfter(record, body, result.outcome);
  return {
    ...record,
    ...(settings.state?._tag === 'Applied' ? { sighting: O.none, endReportedAtMs: O.none } : {}),
    ...(result.outcome === 'Applied' && body.state === undefined
      ? { sighting: afterCall(record, body, call.startedAtMs), endReportedAtMs: O.none }
      : {}),
    settings,
    intent: O.none,
    trouble,
    lastCall: O.some({
      call: call.call,
      atMs: call.startedAtMs,
      durationMs: result.durationMs,
      body,
      outcome: result.outcome,
      status: result.status,
    }),
  };
};

const withhold = (record: ConferenceRecord, { call, body }: Call): ConferenceRecord =>
  O.isNone(record.intent) || record.intent.value.call !== call
    ? record
    : { ...record, settings: returnedToBefore(record, body), intent: O.none };

const conditionsAfter = (record: ConferenceRecord, body: Body, outcome: Outcome['_tag']): Conditions => {
  switch (outcome) {
    case 'Applied':
      // A conference that has ended takes no update: what was in doubt about that is decided.
      return { ...withoutStateDoubt(record.settings), ...applied(body) };
    case 'InDoubt':
      return record.settings;
    case 'NotExecuted':
      return returnedToBefore(record, body);
    case 'Ended':
      // The call that completed it may have been an earlier one whose answer was lost, with the same settings:
      // what this one carried beside `state` stays in doubt.
      return { ...(body.state === undefined ? returnedToBefore(record, body) : record.settings), ...ended };
  }
};

/** An answer clears what failed before, and decides whether the conference has ended. */
const sight = (
  record: ConferenceRecord,
  { completed, settings, audience, atMs }: Extract<Entry, { _tag: 'Sighted' }>,
): ConferenceRecord => {
  const decided = { ...record, trouble: O.none, endReportedAtMs: O.none };
  if (completed) {
    return isCompleted(record) && O.isNone(record.trouble) && O.isNone(record.endReportedAtMs)
      ? record
      : { ...decided, settings: { ...record.settings, ...ended }, sighting: O.none };
  }
  const before = O.toUndefined(record.sighting);
  const conditions = without(record.settings, ['state']);
  return {
    ...decided,
    settings: conditions,
    sighting: O.some({
      atMs,
      audience,
      drift: driftOf(conditions, settings, before?.drift ?? {}, atMs),
      healedAtMs: before?.healedAtMs ?? [],
    }),
  };
};

const afterCall = (record: ConferenceRecord, body: Body, atMs: number): O.Option<Sighting> =>
  O.map(({ drift, healedAtMs, ...rest }: Sighting) => ({
    ...rest,
    drift: driftAfterCall(drift, body),
    healedAtMs: healed(drift, body, record.intent) ? [...healedAtMs, atMs].slice(-3) : healedAtMs,
  }))(record.sighting);

const withoutStateDoubt = (conditions: Conditions): Conditions =>
  conditions.state?._tag === 'InDoubt' ? without(conditions, ['state']) : conditions;

const sameTrouble = (left: O.Option<Trouble>, right: O.Option<Trouble>): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

const returnedToBefore = (record: ConferenceRecord, body: Body): Conditions => ({
  ...without(
    record.settings,
    bodyEntries(body).map(([name]) => name),
  ),
  ...(O.isSome(record.intent) ? record.intent.value.before : {}),
});

const ended: Conditions = { state: { _tag: 'Applied', value: 'completed' } };

const applied = (body: Body): Conditions => {
  const conditions: Partial<Record<Setting, Condition>> = {};
  for (const [name, value] of bodyEntries(body)) conditions[name] = { _tag: 'Applied', value };
  return conditions;
};

const lastApplied = (condition: Condition | undefined): Extract<Condition, { _tag: 'InDoubt' }>['before'] => {
  if (condition === undefined) return O.none;
  return condition._tag === 'Applied' ? O.some(condition.value) : condition.before;
};

const without = (conditions: Conditions, names: readonly Setting[]): Conditions => {
  const kept: Partial<Record<Setting, Condition>> = {};
  for (const name of settingNames) {
    const condition = conditions[name];
    if (condition !== undefined && !names.includes(name)) kept[name] = condition;
  }
  return kept;
};
