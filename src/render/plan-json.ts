/**
 * The plan for scripts. The codec is the contract: the type comes from it, and so does the published schema.
 * Keys stand in a fixed order and passwords in URLs are masked, so this is for reading and never for applying.
 *
 * Laws: what is made decodes; the same plan gives the same bytes.
 */
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as t from 'io-ts';
import { showPlace, type Place } from '../conference/place.js';
import { Body, SettingValue } from '../conference/settings.js';
import { maskPasswords } from '../conference/url.js';
import { bodyOf } from '../plan/diff.js';
import type { Change, Plan, Remark, Sendable, SettingChange } from '../plan/plan.js';
import { baseEntry, BaseJson, type Compared } from './compared.js';
import { jsonPieces, type JsonDocument } from './json-pieces.js';
import { mapped } from './pieces.js';
import { commitEntry, CommitJson } from './revision.js';
import { showTime } from './time.js';
import { maskBody, maskValue } from './value.js';

const SettingName = t.keyof(Body.props);

const SettingJson = t.intersection([
  t.type({
    setting: SettingName,
    to: SettingValue,
    why: t.keyof({ new: null, changed: null, removed: null, 'in-doubt': null, drift: null }),
  }),
  // The last two only beside `drift`, where `from` is what is live.
  t.partial({ from: SettingValue, at: t.string, applied: SettingValue, driftSince: t.string }),
]);
type SettingJson = t.TypeOf<typeof SettingJson>;

const callProps = { conference: t.string, body: Body, settings: t.array(SettingJson) };

const UpdateJson = t.intersection([
  t.type({ ...callProps, action: t.literal('update'), lane: t.union([t.literal(1), t.literal(2)]) }),
  t.partial({ name: t.string }),
]);

const CompleteJson = t.intersection([
  t.type({ ...callProps, action: t.literal('complete'), lane: t.literal(1) }),
  t.partial({ name: t.string }),
]);

const QuietJson = t.intersection([
  t.type({ conference: t.string, action: t.union([t.literal('release'), t.literal('suspended')]) }),
  t.partial({ name: t.string, at: t.string }),
]);

const BlockedJson = t.intersection([
  t.type({ conference: t.string, action: t.literal('blocked'), reason: t.literal('completed') }),
  t.partial({ name: t.string, at: t.string }),
]);

/** One change; there is none for a conference that is as declared. */
export const ChangeJson = t.union([UpdateJson, CompleteJson, QuietJson, BlockedJson]);
export type ChangeJson = t.TypeOf<typeof ChangeJson>;

const RemarkJson = t.intersection([
  t.type({ conference: t.string, message: t.string }),
  t.partial({ at: t.string }),
]);
type RemarkJson = t.TypeOf<typeof RemarkJson>;

const SummaryJson = t.type({
  update: t.number,
  complete: t.number,
  release: t.number,
  none: t.number,
  blocked: t.number,
  suspended: t.number,
  calls: t.number,
  seconds: t.number,
});

export const PlanJson = t.intersection(
  [
    t.type({
      formatVersion: t.literal(1),
      revision: t.string,
      summary: SummaryJson,
      changes: t.array(ChangeJson),
      notes: t.array(RemarkJson),
      refused: t.array(RemarkJson),
    }),
    t.partial({ commit: CommitJson, base: BaseJson }),
  ],
  'PlanJson',
);
export type PlanJson = t.TypeOf<typeof PlanJson>;

/** As it is printed, in pieces, with a line break at the end. */
export const planJsonPieces = (plan: Plan, compared?: Compared): Iterable<string> =>
  jsonPieces({
    ...headJson(plan, compared),
    changes: mapped(plan.changes, (change) => RA.fromOption(changeJson(change))),
    ...remarksJson(plan.notes, plan.refused),
  });

/** What stands behind the changes, to be taken item by item. */
export const remarksJson = (notes: Iterable<Remark>, refused: Iterable<Remark>): JsonDocument => ({
  notes: mapped(notes, (note) => [remarkJson(note)]),
  refused: mapped(refused, (refusal) => [remarkJson(refusal)]),
});

/** The whole document at once. */
export const planJson = (plan: Plan, compared?: Compared): PlanJson => ({
  ...headJson(plan, compared),
  changes: RA.filterMap(changeJson)(plan.changes).slice(),
  notes: plan.notes.map(remarkJson),
  refused: plan.refused.map(remarkJson),
});

/** What stands before the changes. */
export const headJson = (
  { revision, commit, summary }: Plan,
  compared: Compared = { _tag: 'Ledger' },
): Omit<PlanJson, 'changes' | 'notes' | 'refused'> => {
  const { update, complete, release, none, blocked, suspended, calls, seconds } = summary;
  return {
    formatVersion: 1,
    revision,
    ...commitEntry(commit),
    ...baseEntry(compared),
    summary: { update, complete, release, none, blocked, suspended, calls, seconds },
  };
};

/** none: the conference is as declared. */
export const changeJson = (change: Change): O.Option<ChangeJson> => {
  const { conference } = change;
  const name = O.isSome(change.name) ? { name: maskPasswords(change.name.value) } : {};
  switch (change._tag) {
    case 'Update':
      return O.some({ conference, ...name, action: 'update', lane: change.lane, ...callJson(change) });
    case 'Complete':
      return O.some({
        conference,
        ...name,
        action: 'complete',
        lane: change.lane,
        ...callJson(change),
      });
    case 'Release':
      return O.some({ conference, ...name, action: 'release', ...placeJson(change.at) });
    case 'Suspended':
      return O.some({ conference, ...name, action: 'suspended', ...placeJson(change.at) });
    case 'Blocked':
      return O.some({
        conference,
        ...name,
        action: 'blocked',
        reason: change.reason,
        ...placeJson(change.at),
      });
    case 'None':
      return O.none;
  }
};

const callJson = (change: Sendable): { readonly body: Body; readonly settings: SettingJson[] } => ({
  body: maskBody(bodyOf(change)),
  settings: change.settings.map(settingJson),
});

const settingJson = (change: SettingChange): SettingJson => {
  const { setting, from, to, why, at } = change;
  return {
    setting,
    ...(O.isSome(from) ? { from: maskValue(from.value) } : {}),
    to: maskValue(to),
    why,
    ...(change.why === 'drift' ? driftJson(change) : {}),
    ...placeJson(at),
  };
};

const driftJson = ({
  to,
  sinceMs,
}: Extract<SettingChange, { readonly why: 'drift' }>): Pick<SettingJson, 'applied' | 'driftSince'> => ({
  applied: maskValue(to),
  ...(O.isSome(sinceMs) ? { driftSince: showTime(sinceMs.value) } : {}),
});

const remarkJson = ({ conference, message, at }: Remark): RemarkJson => ({
  conference,
  message: maskPasswords(message),
  ...placeJson(at),
});

const placeJson = (at: O.Option<Place>): { readonly at?: string } =>
  O.isSome(at) ? { at: showPlace(at.value) } : {};
