/**
 * A plan that can be saved and run later. It holds everything the plan was made from but the ledger: running it makes
 * the plan again from the ledger of that moment, and does only what is still the same, of conferences that are still
 * declared the same. A call is remembered by the ledger, so what was done is not done again, however the first run
 * ended; what it had not come to is still as it was, and is done by the next.
 *
 * The file holds URLs as they will be sent, passwords included: it is written with mode 0600.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { Live } from '../catapult/catapult.js';
import { ConferenceId } from '../conference/id.js';
import { Body, sealValue, settingNames, SettingValue, type Setting } from '../conference/settings.js';
import type { Declared, DeclaredSetting, Desired } from '../desired/desired.js';
import { emptyRecord } from '../ledger/entry.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { contentOf } from './declaration.js';
import { diffOf, makePlan, summarise, type PlanInput } from './make-plan.js';
import type { Change, Plan } from './plan.js';

const Place = t.type({ path: t.string, line: t.number, column: t.number });

const SavedSetting = t.intersection([
  t.type({ at: Place, origin: t.union([t.literal('own'), t.literal('merged'), t.literal('default')]) }),
  t.partial({ value: SettingValue }),
]);

const SavedConference = t.intersection([
  t.type({
    id: ConferenceId,
    at: Place,
    suspend: t.boolean,
    whenEmpty: t.boolean,
    settings: t.partial({
      state: SavedSetting,
      hold: SavedSetting,
      mute: SavedSetting,
      callbackUrl: SavedSetting,
      callbackHttpMethod: SavedSetting,
      callbackTimeout: SavedSetting,
      fallbackUrl: SavedSetting,
      tag: SavedSetting,
    }),
  }),
  t.partial({ name: t.string, protect: t.boolean }),
]);

const SavedLive = t.intersection([
  t.type({
    id: ConferenceId,
    state: t.union([t.literal('created'), t.literal('active'), t.literal('completed')]),
    settings: Body,
  }),
  t.partial({ activeMembers: t.number }),
]);

const SavedCommit = t.type({
  sha: t.string,
  subject: t.string,
  author: t.string,
  email: t.string,
  atMs: t.number,
});

export const SavedPlan = t.intersection(
  [
    t.type({
      kind: t.literal('holdfast plan'),
      formatVersion: t.literal(1),
      /** User id and endpoint: a plan is run where it was made for. Empty when no user id was known. */
      account: t.string,
      endpoint: t.string,
      revision: t.string,
      onRemove: t.union([t.literal('release'), t.literal('reset'), t.literal('complete')]),
      maxComplete: t.number,
      declared: t.array(SavedConference),
      live: t.array(SavedLive),
      /** As it was named: `holdfast.yaml` is looked for beside it. */
      directory: t.string,
      /** What was to be done and what was known, by conference: compared before it is done. */
      changes: t.record(t.string, t.string),
    }),
    /** No part of what is done. */
    t.partial({ maxAudience: t.number, commit: SavedCommit }),
  ],
  'SavedPlan',
);

export type SavedPlan = t.TypeOf<typeof SavedPlan>;

/** Where a plan was made, and for whom. */
export type SavedFor = Pick<SavedPlan, 'directory' | 'account' | 'endpoint'>;

export const toSavedPlan = (input: PlanInput, { directory, account, endpoint }: SavedFor): SavedPlan => ({
  kind: 'holdfast plan',
  formatVersion: 1,
  account,
  endpoint,
  directory,
  revision: input.revision,
  ...(O.isSome(input.commit) ? { commit: input.commit.value } : {}),
  onRemove: input.rules.onRemove,
  maxComplete: input.rules.maxComplete,
  ...(O.isSome(input.rules.maxAudience) ? { maxAudience: input.rules.maxAudience.value } : {}),
  declared: [...input.desired.values()].map(saveDeclared),
  live: [...input.live].map(([id, live]) => saveLive(id, live)),
  changes: Object.fromEntries(
    makePlan(input).changes.map((change) => [change.conference, essence(change, input)]),
  ),
});

export interface Restored {
  /** For taking the diff again before each call. */
  readonly input: PlanInput;
  /** The saved changes that are still what they were. */
  readonly plan: Plan;
  /** Conferences of which something was to be done, and which have changed since: left alone. */
  readonly stale: readonly Stale[];
  /** Conferences of which something was to be done, and which are as it was to make them. */
  readonly done: readonly ConferenceId[];
}

export interface Stale {
  readonly conference: ConferenceId;
  /** What is not as it was. */
  readonly changed: 'declaration' | 'ledger';
}

export interface Now extends Pick<PlanInput, 'records'>, Pick<PlanInput['rules'], 'rate' | 'maxAudience'> {
  /** What the directory declares; none: it is not here, and what was saved counts. */
  readonly desired: O.Option<Desired>;
}

/** The saved plan against the ledger and the declarations of now. */
export const restorePlan = (saved: SavedPlan, now: Now): Restored => {
  const input = restoreInput(saved, now);
  const plan = makePlan(input);
  const found = new Map(plan.changes.map((change) => [change.conference, change]));
  const fates = Object.entries(saved.changes).flatMap(([conference, known]) =>
    ConferenceId.is(conference)
      ? [{ conference, fate: fateOf(conference, known, found.get(conference), input, now) }]
      : [],
  );
  const kept = new Set(fates.flatMap(({ conference, fate }) => (fate === 'kept' ? [conference] : [])));
  const changes = plan.changes.filter(({ conference }) => kept.has(conference));
  return {
    input: { ...input, desired: new Map([...input.desired].filter(([conference]) => kept.has(conference))) },
    plan: {
      ...plan,
      changes,
      notes: plan.notes.filter(({ conference }) => kept.has(conference)),
      refused: plan.refused.filter(({ conference }) => kept.has(conference)),
      summary: summarise(changes, now.rate),
    },
    stale: fates.flatMap(({ conference, fate }) =>
      fate === 'declaration' || fate === 'ledger' ? [{ conference, changed: fate }] : [],
    ),
    done: fates.flatMap(({ conference, fate }) => (fate === 'done' ? [conference] : [])),
  };
};

const restoreInput = (saved: SavedPlan, { records, rate, maxAudience }: Now): PlanInput => ({
  revision: saved.revision,
  commit: O.fromNullable(saved.commit),
  desired: new Map(saved.declared.map((declared) => [declared.id, restoreDeclared(declared)])),
  records,
  live: new Map(saved.live.map((live) => [live.id, restoreLive(live)])),
  rules: {
    onRemove: saved.onRemove,
    maxComplete: saved.maxComplete,
    maxAudience,
    rate,
    removals: 'count',
    heal: false,
  },
});

/** `idle`: nothing was to be done, so that something has changed since needs no word. */
type Fate = 'kept' | 'idle' | 'done' | Stale['changed'];

const fateOf = (
  conference: ConferenceId,
  known: string,
  change: Change | undefined,
  input: PlanInput,
  now: Now,
): Fate => {
  const isDeclaredSame =
    O.isNone(now.desired) ||
    contentOf(now.desired.value.get(conference)) === contentOf(input.desired.get(conference));
  if (isDeclaredSame && change !== undefined && known === essence(change, input)) return 'kept';
  if (/^(?:None|Suspended) /.test(known)) return 'idle';
  if (!isDeclaredSame) return 'declaration';
  if (known.startsWith('Blocked ')) return 'ledger';
  // What was seen live before a later call says nothing of what is live now.
  const isCalled = callIn(input.records.get(conference)) !== known.split(' ')[1];
  return isAsItSays(isCalled ? diffOf(conference, { ...input, live: new Map() }) : change)
    ? 'done'
    : 'ledger';
};

const isAsItSays = (change: Change | undefined): boolean =>
  change === undefined || (change._tag === 'None' && !change.read);

/**
 * What a change does, and a digest of what the ledger knew: two with the same essence are the same. Left out is what
 * changes without a call and changes nothing: trouble, what was seen, and what an apply notes down before its first
 * call. The number of the last call stays, so that nothing is done again after it was undone.
 */
const essence = (change: Change, { records, desired }: Pick<PlanInput, 'records' | 'desired'>): string => {
  const record = records.get(change.conference) ?? emptyRecord(change.conference);
  const declared = desired.get(change.conference);
  const known = [
    settingNames.map((name) => (isNotOurs(declared, name) ? undefined : conditionOf(record, name))),
    O.getOrElse(() => record.protected)(declared?.protect ?? O.none),
  ];
  const settings = change._tag === 'Update' || change._tag === 'Complete' ? change.settings : [];
  const sent = settings.map(({ setting, to, why }) => [setting, sealValue(to), why]);
  const digest = bytesToHex(sha256(utf8ToBytes(JSON.stringify([sent, known])))).slice(0, 32);
  return `${change._tag} ${callIn(record)} ${digest}`;
};

/** The number of its last call. */
const callIn = (record: ConferenceRecord | undefined): string =>
  record !== undefined && O.isSome(record.lastCall) ? String(record.lastCall.value.call) : '-';

/** Declared `null`: forgotten before the first call. */
const isNotOurs = (declared: Declared | undefined, name: Setting): boolean =>
  declared !== undefined && !declared.suspend && O.isNone(declared.settings[name]?.value ?? O.some(false));

const conditionOf = ({ settings }: ConferenceRecord, name: Setting): readonly unknown[] | undefined => {
  const condition = settings[name];
  if (condition === undefined) return undefined;
  return condition._tag === 'Applied'
    ? [condition.value]
    : [condition.value, O.isSome(condition.before) ? [condition.before.value] : []];
};

const saveDeclared = ({ name, protect, settings, ...rest }: Declared): t.TypeOf<typeof SavedConference> => {
  const saved: t.TypeOf<typeof SavedConference>['settings'] = {};
  for (const setting of settingNames) {
    const declared = settings[setting];
    if (declared !== undefined) saved[setting] = saveSetting(declared);
  }
  return {
    ...rest,
    ...(O.isSome(name) ? { name: name.value } : {}),
    ...(O.isSome(protect) ? { protect: protect.value } : {}),
    settings: saved,
  };
};

const saveSetting = ({ value, at, origin }: DeclaredSetting): t.TypeOf<typeof SavedSetting> => ({
  at,
  origin,
  ...(O.isSome(value) ? { value: value.value } : {}),
});

const saveLive = (
  id: ConferenceId,
  { state, activeMembers, settings }: Live,
): t.TypeOf<typeof SavedLive> => ({
  id,
  state,
  settings,
  ...(O.isSome(activeMembers) ? { activeMembers: activeMembers.value } : {}),
});

const restoreDeclared = ({
  name,
  protect,
  settings,
  ...rest
}: t.TypeOf<typeof SavedConference>): Declared => {
  const declared: Partial<Record<Setting, DeclaredSetting>> = {};
  for (const setting of settingNames) {
    const saved = settings[setting];
    if (saved !== undefined)
      declared[setting] = { at: saved.at, origin: saved.origin, value: O.fromNullable(saved.value) };
  }
  return { ...rest, name: O.fromNullable(name), protect: O.fromNullable(protect), settings: declared };
};

const restoreLive = ({ state, settings, activeMembers }: t.TypeOf<typeof SavedLive>): Live => ({
  state,
  settings,
  activeMembers: O.fromNullable(activeMembers),
});
