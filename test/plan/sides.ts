/** Short words for the two sides of a comparison: what is declared, and what the ledger knows. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { ConferenceId } from '../../src/conference/id.js';
import type { Place } from '../../src/conference/place.js';
import { settingNames, type Body, type Setting, type SettingValue } from '../../src/conference/settings.js';
import type { Declared, DeclaredSetting, Desired } from '../../src/desired/desired.js';
import { emptyRecord } from '../../src/ledger/entry.js';
import type { Condition, Conditions, ConferenceRecord, DeclaredSnapshot } from '../../src/ledger/record.js';
import { diff, type DiffRules } from '../../src/plan/diff.js';
import type { Live } from '../../src/catapult/catapult.js';
import type { PlanInput, PlanRules } from '../../src/plan/make-plan.js';
import type { Change, Complete, SettingChange, Update, Why } from '../../src/plan/plan.js';

export const conference = (text: string): ConferenceId => {
  const decoded = ConferenceId.decode(text);
  if (E.isLeft(decoded)) throw new Error(`no conference id: ${text}`);
  return decoded.right;
};

export const conf = conference('conf-1');

/** Where a conference stands in these manifests, and where each of its settings does. */
export const conferencePlace: Place = { path: 'desired/a.yaml', line: 2, column: 3 };
const settingPlace = (setting: Setting): Place => ({
  path: 'desired/a.yaml',
  line: 10 + settingNames.indexOf(setting),
  column: 11,
});
/** Where it stood when it was declared last. */
export const formerPlace: Place = { path: 'desired/former.yaml', line: 7, column: 3 };

/** As in a manifest; `null` is "not ours". */
export type Values = Readonly<Partial<Record<Setting, SettingValue | null>>>;
export type Words = Partial<Omit<Declared, 'settings' | 'id'>>;

export const declare = (values: Values, words: Words = {}, id: ConferenceId = conf): Declared => {
  const settings: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const name of settingNames) {
    const value = values[name];
    if (value === undefined) continue;
    settings[name] = { value: O.fromNullable(value), at: settingPlace(name), origin: 'own' };
  }
  const silent = { name: O.none, protect: O.none, suspend: false, whenEmpty: false };
  return { id, at: conferencePlace, ...silent, ...words, settings };
};

export const applied = (value: SettingValue): Condition => ({ _tag: 'Applied', value });
export const inDoubt = (value: SettingValue, before?: SettingValue): Condition => ({
  _tag: 'InDoubt',
  value,
  before: O.fromNullable(before),
});
export const ended: Conditions = { state: applied('completed') };

export const snapshot = (settings: Body, more: Partial<DeclaredSnapshot> = {}): DeclaredSnapshot => ({
  at: formerPlace,
  name: O.some('Former'),
  suspend: false,
  whenEmpty: false,
  settings,
  revision: 'dir:before',
  commit: O.none,
  ...more,
});

export const recordOf = (
  settings: Conditions,
  more: Partial<ConferenceRecord> = {},
  id: ConferenceId = conf,
): ConferenceRecord => ({ ...emptyRecord(id), declared: O.some(snapshot({})), settings, ...more });

export const live = (settings: Body, state: Live['state'] = 'active'): Live => ({
  state,
  activeMembers: O.some(1),
  settings,
});

export const rules: PlanRules = {
  onRemove: 'release',
  removals: 'count',
  heal: false,
  maxComplete: 5,
  maxAudience: O.none,
  rate: 1,
};

export const desiredOf = (...all: readonly Declared[]): Desired => new Map(all.map((one) => [one.id, one]));
export const recordsOf = (...all: readonly ConferenceRecord[]): PlanInput['records'] =>
  new Map(all.map((one) => [one.id, one]));

export const inputWith = (
  declared: readonly Declared[],
  records: readonly ConferenceRecord[] = [],
): PlanInput => inputOf({ desired: desiredOf(...declared), records: recordsOf(...records) });

export const inputOf = (parts: Partial<PlanInput>): PlanInput => ({
  revision: 'dir:now',
  commit: O.none,
  desired: new Map(),
  records: new Map(),
  live: new Map(),
  rules,
  ...parts,
});

/** The diff of one conference; `undefined` is "removed", "never heard of" and "nobody asked". */
export const diffBetween = (
  declared: Declared | undefined,
  record: ConferenceRecord | undefined,
  more: Partial<DiffRules> & { readonly live?: Live } = {},
): Change =>
  diff(
    {
      conference: conf,
      declared: O.fromNullable(declared),
      record: O.fromNullable(record),
      live: O.fromNullable(more.live),
    },
    { ...rules, ...more },
  );

/** A change of a setting that stands in the manifest; `from` undefined is "never applied". */
export const changeOf = (
  setting: Setting,
  from: SettingValue | undefined,
  to: SettingValue,
  why: Why,
  at: Place = settingPlace(setting),
  sinceMs?: number,
): SettingChange => {
  const step = { setting, from: O.fromNullable(from), to, at: O.some(at) };
  return why === 'drift' ? { ...step, why, sinceMs: O.fromNullable(sinceMs) } : { ...step, why };
};

export const update = (lane: 1 | 2, ...settings: readonly SettingChange[]): Update => ({
  _tag: 'Update',
  conference: conf,
  name: O.none,
  lane,
  settings,
  at: O.some(conferencePlace),
  forget: false,
  guard: { _tag: 'Free' },
});

export const complete = (...settings: readonly SettingChange[]): Complete => ({
  _tag: 'Complete',
  conference: conf,
  name: O.none,
  lane: 1,
  settings,
  at: O.some(conferencePlace),
  forget: false,
  guard: { _tag: 'Free' },
});

export const nothing = (read = false): Change => ({ _tag: 'None', conference: conf, name: O.none, read });

export const blocked: Change = {
  _tag: 'Blocked',
  conference: conf,
  name: O.none,
  reason: 'completed',
  at: O.some(conferencePlace),
};

/** The conference is in the ledger and nowhere else: it is shown as it was declared last. */
export const former = { name: O.some('Former'), at: O.some(formerPlace) };
export const release: Change = { _tag: 'Release', conference: conf, ...former };
