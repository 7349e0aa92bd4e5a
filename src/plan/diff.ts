/**
 * The diff of one conference: what is declared against what the ledger knows, and against what is live when
 * somebody asked for that. Every rule of "What a diff means" stands here, and only here.
 *
 * Laws: a conference whose declared settings are all applied gives `None`; the diff of what a call has
 * applied is empty; the same input gives the same result.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import {
  defaults,
  isAudible,
  sameValue,
  settingNames,
  toBody,
  type Body,
  type Setting,
  type SettingValue,
} from '../conference/settings.js';
import { isDeclaredCompleted, type Declared, type DeclaredSetting } from '../desired/desired.js';
import { isContested, liveValue } from '../ledger/drift.js';
import { isCompleted } from '../ledger/entry.js';
import type {
  Condition,
  Conditions,
  ConferenceRecord,
  DeclaredSnapshot,
  Drift,
  Drifted,
} from '../ledger/record.js';
import { audienceGuard, type GuardRules } from './guard.js';
import type { Change, OnRemove, SettingChange, Sendable } from './plan.js';

/** One conference, seen from every side. */
export interface Comparison {
  readonly conference: ConferenceId;
  /** none: not declared. */
  readonly declared: O.Option<Declared>;
  /** none: the ledger has never heard of it. */
  readonly record: O.Option<ConferenceRecord>;
  /** What a GET answered; none: nobody asked. */
  readonly live: O.Option<Live>;
}

export interface DiffRules extends GuardRules {
  readonly onRemove: OnRemove;
  /**
   * What is absent from the declarations may only be out of sight. `count`: all of them have been read.
   * `settings`: some file could not be, so a conference may be declared there; what is absent from a conference
   * that is declared counts. `wait`: a save may be under way, and nothing counts as removed.
   */
  readonly removals: 'count' | 'settings' | 'wait';
  /** Set again what the last GET showed to have drifted. */
  readonly heal: boolean;
}

export const diff = (comparison: Comparison, rules: DiffRules): Change => {
  const change = diffDespiteEvents(comparison, rules);
  // An event may be forged: nothing is sent to what it says has ended, and one GET decides. To be let go of, it
  // need not be known: the API may have forgotten it.
  return isEndReported(comparison) && change._tag !== 'Release'
    ? none(comparison.conference, nameOf(comparison), true)
    : change;
};

/** What has to happen if what an event says is not true: an event must not take anything past a safety check. */
export const diffDespiteEvents = (comparison: Comparison, rules: DiffRules): Change => {
  const { conference, declared, record } = comparison;
  if (O.isSome(declared)) return diffDeclared(declared.value, comparison, rules);
  if (O.isNone(record) || record.value.presence === 'released' || rules.removals !== 'count')
    return none(conference, O.none);
  return diffRemoved(record.value, hasEnded(comparison), rules);
};

/** What the call of a change carries. */
export const bodyOf = ({ settings }: Sendable): Body => {
  const body: Partial<Record<Setting, SettingValue>> = {};
  for (const { setting, to } of settings) body[setting] = to;
  return body;
};

/** Settings that were ours and are not declared any more, but stay as they are: the API has no way to unset them. */
export const lingering = (declared: Declared, record: ConferenceRecord): readonly Setting[] =>
  unsettable.filter((name) => record.settings[name] !== undefined && declared.settings[name] === undefined);

const unsettable = settingNames.filter((name) => name !== 'state' && defaults[name] === undefined);

const diffDeclared = (declared: Declared, comparison: Comparison, rules: DiffRules): Change => {
  const { id: conference, name } = declared;
  const at = O.some(declared.at);
  if (declared.suspend) return { _tag: 'Suspended', conference, name, at };
  const conditions = O.isSome(comparison.record) ? comparison.record.value.settings : {};
  const completing = isDeclaredCompleted(declared.settings);
  const settings = changedSettings(declared, conditions, comparison, rules);
  if (hasEnded(comparison)) {
    const differs = settings.some(
      (change) => change.why !== 'drift' && (!completing || differsForGood(change, conditions)),
    );
    return differs ? blocked(declared) : none(conference, name);
  }
  if (completing) {
    const all = [completion(declared, conditions), ...settings];
    const guard = declared.whenEmpty ? ({ _tag: 'WhenEmpty' } as const) : audienceGuard(all, rules);
    return { _tag: 'Complete', conference, name, lane: 1, settings: all, at, forget: false, guard };
  }
  if (settings.length > 0) {
    const guard = audienceGuard(settings, rules);
    return { _tag: 'Update', conference, name, lane: laneOf(settings), settings, at, forget: false, guard };
  }
  return none(
    conference,
    name,
    conditions.state?._tag === 'InDoubt' && declared.settings.state === undefined,
  );
};

const diffRemoved = (record: ConferenceRecord, ended: boolean, rules: DiffRules): Change => {
  const conference = record.id;
  const { onRemove } = rules;
  const { name, at } = O.isSome(record.declared)
    ? { name: record.declared.value.name, at: O.some(record.declared.value.at) }
    : { name: O.none, at: O.none };
  const release: Change = { _tag: 'Release', conference, name, at };
  if (onRemove === 'release' || ended) return release;
  if (onRemove === 'complete') {
    const state: SettingChange = { setting: 'state', from: O.none, to: 'completed', why: 'removed', at };
    const guard = audienceGuard([state], rules);
    return { _tag: 'Complete', conference, name, lane: 1, settings: [state], at, forget: true, guard };
  }
  const settings = settingNames.flatMap((setting) =>
    resetOf(setting, record.settings[setting], O.toUndefined(at)),
  );
  if (settings.length === 0) return release;
  const guard = audienceGuard(settings, rules);
  return { _tag: 'Update', conference, name, lane: laneOf(settings), settings, at, forget: true, guard };
};

/** Every setting but `state`, which decides what kind of change it is. */
const changedSettings = (
  declared: Declared,
  conditions: Conditions,
  comparison: Comparison,
  rules: DiffRules,
): readonly SettingChange[] => {
  const seen = seenIn(comparison, rules);
  const known = driftKnownIn(comparison);
  const completing = isDeclaredCompleted(declared.settings);
  const changes: SettingChange[] = [];
  for (const name of settingNames) {
    const wanted = declared.settings[name];
    const condition = conditions[name];
    // What is neither declared nor known is most of it.
    if (wanted === undefined && condition === undefined) continue;
    if (name === 'state' || (completing && isAudible(name))) continue;
    if (wanted !== undefined) changes.push(...diffSetting(name, wanted, condition, seen, known[name]));
    else if (rules.removals !== 'wait') changes.push(...resetOf(name, condition, declared.at));
  }
  return changes;
};

const diffSetting = (
  setting: Setting,
  { value, at: place }: DeclaredSetting,
  condition: Condition | undefined,
  live: O.Option<Body>,
  known: Drifted | undefined,
): readonly SettingChange[] => {
  if (O.isNone(value)) return nothing;
  const to = value.value;
  // Written out: spread, each of a hundred thousand changes would have a shape of its own.
  if (condition === undefined) return [{ setting, from: O.none, to, why: 'new', at: O.some(place) }];
  if (condition._tag === 'InDoubt')
    return [{ setting, from: condition.before, to, why: 'in-doubt', at: O.some(place) }];
  if (!sameValue(condition.value, to))
    return [{ setting, from: O.some(condition.value), to, why: 'changed', at: O.some(place) }];
  if (O.isNone(live)) return nothing;
  const seen = liveValue(setting, live.value);
  if (O.isSome(seen) && sameValue(seen.value, to)) return nothing;
  const sinceMs = O.fromNullable(known?.sinceMs);
  return [{ setting, from: seen, to, why: 'drift', at: O.some(place), sinceMs }];
};

const nothing: readonly SettingChange[] = [];

/** What is not declared any more returns to the API's default, where there is one. */
const resetOf = (
  setting: Setting,
  condition: Condition | undefined,
  place: Place | undefined,
): readonly SettingChange[] => {
  const to = defaults[setting];
  if (to === undefined || condition === undefined || (condition._tag === 'Applied' && condition.value === to))
    return nothing;
  const from = condition._tag === 'InDoubt' ? condition.before : O.some(condition.value);
  return [{ setting, from, to, why: 'removed', at: O.fromNullable(place) }];
};

const completion = (declared: Declared, conditions: Conditions): SettingChange => ({
  setting: 'state',
  from: O.none,
  to: 'completed',
  why: conditions.state === undefined ? 'new' : 'in-doubt',
  at: O.some(declared.settings.state?.at ?? declared.at),
});

/** What a GET showed: the one just made, or, where drift is healed, the last one that showed some. */
const seenIn = ({ live, record, declared }: Comparison, { heal }: DiffRules): O.Option<Body> => {
  if (O.isSome(live)) return O.some(live.value.settings);
  if (!heal || O.isNone(record) || O.isNone(record.value.sighting)) return O.none;
  const { settings, sighting } = record.value;
  const isOurs = (setting: Setting): boolean => isAsDeclared(setting, settings, declared);
  return isContested(sighting.value, isOurs) ? O.none : O.some(lastSeen(settings, sighting.value.drift));
};

const isAsDeclared = (setting: Setting, conditions: Conditions, declared: O.Option<Declared>): boolean => {
  const wanted = O.isSome(declared) ? declared.value.settings[setting] : undefined;
  const condition = conditions[setting];
  return (
    wanted !== undefined &&
    condition !== undefined &&
    O.exists((value: SettingValue) => sameValue(value, condition.value))(wanted.value)
  );
};

const driftKnownIn = ({ record }: Comparison): Drift =>
  O.isSome(record) && O.isSome(record.value.sighting) ? record.value.sighting.value.drift : {};

const lastSeen = (conditions: Conditions, drift: Drift): Body =>
  toBody(
    settingNames.flatMap((setting): readonly (readonly [Setting, SettingValue])[] => {
      const drifted = drift[setting];
      const condition = conditions[setting];
      if (drifted === undefined) return condition === undefined ? [] : [[setting, condition.value]];
      return O.isSome(drifted.live) ? [[setting, drifted.live.value]] : [];
    }),
  );

const isEndReported = ({ record, live, declared }: Comparison): boolean =>
  O.isNone(live) &&
  O.isSome(record) &&
  O.isSome(record.value.endReportedAtMs) &&
  !O.exists(({ suspend }: Declared) => suspend)(declared);

const nameOf = ({ declared, record }: Comparison): O.Option<string> =>
  O.isSome(declared)
    ? declared.value.name
    : O.chain(({ declared: known }: ConferenceRecord) =>
        O.chain(({ name }: DeclaredSnapshot) => name)(known),
      )(record);

const hasEnded = ({ record, live }: Comparison): boolean =>
  (O.isSome(record) && isCompleted(record.value)) || (O.isSome(live) && live.value.state === 'completed');

/**
 * Of a conference that was to be completed and has ended: what its last call carried may rightly stay in doubt
 * for ever, and what is not declared any more does not matter any more.
 */
const differsForGood = ({ setting, to, why }: SettingChange, conditions: Conditions): boolean => {
  const condition = conditions[setting];
  if (why === 'removed') return false;
  if (condition?._tag !== 'InDoubt') return true;
  return (
    !sameValue(condition.value, to) &&
    !O.exists((before: SettingValue) => sameValue(before, to))(condition.before)
  );
};

const laneOf = (settings: readonly SettingChange[]): 1 | 2 =>
  settings.some(({ setting }) => isAudible(setting)) ? 1 : 2;

const blocked = ({ id, name, at }: Declared): Change => ({
  _tag: 'Blocked',
  conference: id,
  name,
  reason: 'completed',
  at: O.some(at),
});

const none = (conference: ConferenceId, name: O.Option<string>, read = false): Change => ({
  _tag: 'None',
  conference,
  name,
  read,
});
