/**
 * A plan that can be saved and run later. It holds everything the plan was made from but the ledger: running it makes
 * the plan again from the ledger of that moment, and does only what is still the same, of conferences that are still
 * declared the same. A call is remembered by the ledger, so what was done is not done again, however the first run
 * ended; what it had not come to is still as it was, and is done by the next.
 *
 * The file holds URLs as they will be sent, passwords included: it is written with mode 0600.
 */
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import type { Live } from '../catapult/catapult.js';
import { ConferenceId } from '../conference/id.js';
import { Commit } from '../conference/revision.js';
import { Body, settingNames, SettingValue, type Setting } from '../conference/settings.js';
import type { Declared, DeclaredSetting } from '../desired/desired.js';
import { essenceOf } from './essence.js';
import { makePlan, type PlanInput } from './make-plan.js';

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
    t.partial({ maxAudience: t.number, commit: Commit }),
  ],
  'SavedPlan',
);

export type SavedPlan = t.TypeOf<typeof SavedPlan>;

export interface LedgerNow
  extends Pick<PlanInput, 'records'>,
    Pick<PlanInput['rules'], 'rate' | 'maxAudience'> {}

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
    makePlan(input).changes.map((change) => [change.conference, essenceOf(change, input)]),
  ),
});

/** What the plan was made from, with the ledger of now. */
export const restoreInput = (saved: SavedPlan, { records, rate, maxAudience }: LedgerNow): PlanInput => ({
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
