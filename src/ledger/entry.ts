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
 *
 * Law: `evolve` returns the very same record when the entry changes nothing, so that nothing is written.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { bodyEntries, settingNames, type Body, type Setting } from '../conference/settings.js';
import {
  fingerprint,
  type Condition,
  type Conditions,
  type ConferenceRecord,
  type DeclaredSnapshot,
  type Outcome,
  type Trouble,
} from './record.js';
import type { Call, CallResult } from './store.js';

export type Entry =
  /** What the accepted revision declares. */
  | { readonly _tag: 'Declared'; readonly conference: ConferenceId; readonly snapshot: DeclaredSnapshot }
  | { readonly _tag: 'Protected'; readonly conference: ConferenceId; readonly protected: boolean }
  /** Declared `null`: not ours any more. */
  | { readonly _tag: 'Forgotten'; readonly conference: ConferenceId; readonly settings: readonly Setting[] }
  /** Not declared any more; something may still have to be sent before it is released. */
  | { readonly _tag: 'Removed'; readonly conference: ConferenceId }
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
  /** A GET has decided whether the conference has ended. */
  | { readonly _tag: 'Learned'; readonly conference: ConferenceId; readonly completed: boolean }
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
});

/** The API ended it, or we did: nothing can be changed any more. */
export const isCompleted = (record: ConferenceRecord): boolean => record.settings.state?._tag === 'Applied';

/** For a process that begins: only one writes, so whoever intended these calls is gone. */
export const abandonedIn = (records: ReadonlyMap<ConferenceId, ConferenceRecord>): readonly Entry[] =>
  [...records.values()].flatMap(({ id, intent }): readonly Entry[] =>
    O.isSome(intent) ? [{ _tag: 'Abandoned', conference: id }] : [],
  );

/** Same declaration, whenever it was made. */
const sameSnapshot = (left: DeclaredSnapshot, right: DeclaredSnapshot): boolean =>
  JSON.stringify({ ...left, revision: '' }) === JSON.stringify({ ...right, revision: '' });

const step = (
  record: ConferenceRecord,
  entry: Exclude<Entry, { _tag: 'Erased' }>,
): ConferenceRecord | 'forget' => {
  switch (entry._tag) {
    case 'Declared':
      return declare(record, entry.snapshot);
    case 'Protected':
      return record.protected === entry.protected ? record : { ...record, protected: entry.protected };
    case 'Forgotten':
      return forgetSettings(record, entry.settings);
    case 'Removed':
      return record.presence === 'declared' ? { ...record, presence: 'removed', trouble: O.none } : record;
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
    case 'Learned':
      return learn(record, entry.completed);
    case 'Troubled':
      return sameTrouble(record.trouble, entry.trouble) ? record : { ...record, trouble: entry.trouble };
  }
};

// What went wrong with another declaration says nothing of this one.
const declare = (record: ConferenceRecord, snapshot: DeclaredSnapshot): ConferenceRecord => {
  const { declared, presence } = record;
  if (presence === 'declared' && O.isSome(declared) && sameSnapshot(declared.value, snapshot)) return record;
  const isSame = O.isSome(declared) && fingerprint(declared.value) === fingerprint(snapshot);
  return {
    ...record,
    declared: O.some(snapshot),
    presence: 'declared',
    trouble: isSame && presence === 'declared' ? record.trouble : O.none,
  };
};

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
  const doubts = bodyEntries(body).map(([name, value]): readonly [Setting, Condition] => [
    name,
    { _tag: 'InDoubt', value, before: lastApplied(record.settings[name]) },
  ]);
  const before = only(
    record.settings,
    doubts.map(([name]) => name),
  );
  return {
    ...record,
    settings: { ...record.settings, ...toConditions(doubts) },
    intent: O.some({ call: call.call, body, before, startedAtMs: call.startedAtMs }),
  };
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
  return {
    ...record,
    settings: conditionsAfter(record, body, result.outcome),
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

const learn = (record: ConferenceRecord, completed: boolean): ConferenceRecord => {
  if (completed ? isCompleted(record) && O.isNone(record.trouble) : record.settings.state === undefined)
    return record;
  return completed
    ? { ...record, settings: { ...record.settings, ...ended }, trouble: O.none }
    : { ...record, settings: without(record.settings, ['state']) };
};

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

const applied = (body: Body): Conditions =>
  toConditions(bodyEntries(body).map(([name, value]) => [name, { _tag: 'Applied', value }] as const));

const lastApplied = (condition: Condition | undefined): Extract<Condition, { _tag: 'InDoubt' }>['before'] => {
  if (condition === undefined) return O.none;
  return condition._tag === 'Applied' ? O.some(condition.value) : condition.before;
};

const toConditions = (entries: readonly (readonly [Setting, Condition])[]): Conditions => {
  const conditions: Partial<Record<Setting, Condition>> = {};
  for (const [name, condition] of entries) conditions[name] = condition;
  return conditions;
};

const only = (conditions: Conditions, names: readonly Setting[]): Conditions =>
  toConditions(
    names.flatMap((name) => {
      const condition = conditions[name];
      return condition === undefined ? [] : [[name, condition] as const];
    }),
  );

const without = (conditions: Conditions, names: readonly Setting[]): Conditions =>
  only(
    conditions,
    settingNames.filter((name) => !names.includes(name)),
  );
