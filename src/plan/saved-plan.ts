/**
 * A plan that can be saved and run later. It holds everything the plan was made from but the ledger: running
 * it makes the plan again from the ledger of that moment, and only what is still the same is done. A plan that
 * was run has changed the ledger, so it cannot be run twice.
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
import type { Declared, DeclaredSetting } from '../desired/desired.js';
import { makePlan, summarise, type PlanInput } from './make-plan.js';
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

export const toSavedPlan = (input: PlanInput, directory: string, account: string): SavedPlan => ({
  kind: 'holdfast plan',
  formatVersion: 1,
  account,
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
  readonly stale: readonly ConferenceId[];
}

/** The saved plan against the ledger of now. */
export const restorePlan = (
  saved: SavedPlan,
  now: Pick<PlanInput, 'records'> & Pick<PlanInput['rules'], 'rate' | 'maxAudience'>,
): Restored => {
  const input: PlanInput = {
    revision: saved.revision,
    commit: O.fromNullable(saved.commit),
    desired: new Map(saved.declared.map((declared) => [declared.id, restoreDeclared(declared)])),
    records: now.records,
    live: new Map(saved.live.map((live) => [live.id, restoreLive(live)])),
    rules: {
      onRemove: saved.onRemove,
      maxComplete: saved.maxComplete,
      maxAudience: now.maxAudience,
      rate: now.rate,
      removals: 'count',
      heal: false,
    },
  };
  const plan = makePlan(input);
  const changes = plan.changes.filter(
    (change) => saved.changes[change.conference] === essence(change, input),
  );
  const kept = new Set<string>(changes.map(({ conference }) => conference));
  const changed = Object.entries(saved.changes).filter(([conference]) => !kept.has(conference));
  return {
    input: { ...input, desired: new Map([...input.desired].filter(([conference]) => kept.has(conference))) },
    plan: {
      ...plan,
      changes,
      notes: plan.notes.filter(({ conference }) => kept.has(conference)),
      refused: plan.refused.filter(({ conference }) => kept.has(conference)),
      summary: summarise(changes, now.rate),
    },
    stale: changed
      .filter(([, known]) => !isIdle(known))
      .flatMap(([conference]) => (ConferenceId.is(conference) ? [conference] : [])),
  };
};

/**
 * What a change does, and a digest of what the ledger knew: two with the same essence are the same. Trouble is
 * left out, because it changes without a call and changes nothing.
 */
const essence = (change: Change, { records }: Pick<PlanInput, 'records'>): string => {
  const record = records.get(change.conference);
  const known = JSON.stringify(record === undefined ? null : { ...record, trouble: null });
  const settings = change._tag === 'Update' || change._tag === 'Complete' ? change.settings : [];
  const sent = JSON.stringify(settings.map(({ setting, to, why }) => [setting, sealValue(to), why]));
  return `${change._tag} ${bytesToHex(sha256(utf8ToBytes(`${sent} ${known}`))).slice(0, 32)}`;
};

/** Nothing was to be done: that something has changed since needs no word. */
const isIdle = (known: string): boolean => known.startsWith('None ') || known.startsWith('Suspended ');

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
