/** How everything has to be in the end, and what is otherwise. */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../../src/conference/id.js';
import { bodyEntries, defaults, isAudible, settingNames } from '../../src/conference/settings.js';
import { combine } from '../../src/desired/combine.js';
import type { Declared, Desired } from '../../src/desired/desired.js';
import { isContested } from '../../src/ledger/drift.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Api } from './api.js';
import type { Disk } from './disk.js';
import type { Scenario } from './scenario.js';
import type { Tree } from './tree.js';

export interface Rest {
  /** What is not as it is declared; empty when all is well. */
  readonly differing: () => readonly string[];
  /** Something would be refused by a safety check. */
  readonly isRefused: () => boolean;
}

export interface RestDeps {
  readonly scenario: Scenario;
  readonly tree: Tree;
  readonly disk: Disk;
  readonly api: Api;
}

export const makeRest = (deps: RestDeps): Rest => ({
  differing: () => {
    const desired = desiredIn(deps);
    const refused = refusedIn(desired, deps);
    return deps.scenario.conferences.flatMap((id) => {
      if (refused.has(id) || deps.api.truthOf(id).ended) return [];
      const declared = desired.get(id);
      if (declared === undefined) return ofRemoved(id, deps);
      return declared.suspend ? [] : [...ofDeclared(declared, deps), ...ofUndeclared(declared, deps)];
    });
  },
  isRefused: () => refusedIn(desiredIn(deps), deps).size > 0,
});

const desiredIn = ({ tree }: RestDeps): Desired => combine(tree.observe().files).desired;

/** What a safety check holds back may stay as it is. */
const refusedIn = (desired: Desired, { scenario, disk }: RestDeps): ReadonlySet<ConferenceId> => {
  const { records } = disk.visible();
  const maxAudience = O.fromNullable(scenario.maxAudience);
  const rules = { ...scenario, maxAudience, removals: 'count' as const, heal: false };
  const plan = makePlan({ revision: '', commit: O.none, desired, records, live: new Map(), rules });
  return new Set(plan.refused.map(({ conference }) => conference));
};

const ofDeclared = (declared: Declared, { api, disk, scenario }: RestDeps): readonly string[] => {
  const { id, settings } = declared;
  const record = disk.durable().records.get(id);
  if (isCompleting(declared)) return [`${id} is not completed`];
  if (record === undefined || O.isSome(record.intent)) return [`${id}: the ledger does not know`];
  const { settings: truth, elsewhere } = api.truthOf(id);
  return settingNames.flatMap((name) => {
    const wanted = settings[name]?.value ?? O.none;
    return O.isNone(wanted) ||
      truth[name] === wanted.value ||
      (elsewhere.has(name) && !isHealed(record, scenario))
      ? []
      : [`${id}: ${name} is ${String(truth[name])}, declared ${String(wanted.value)}`];
  });
};

/** What was ours and is not declared any more is the default again, where there is one. */
const ofUndeclared = (declared: Declared, { api, disk }: RestDeps): readonly string[] => {
  const { id, settings } = declared;
  const known = disk.durable().records.get(id)?.settings ?? {};
  const { settings: truth, elsewhere } = api.truthOf(id);
  return bodyEntries(defaults).flatMap(([name, value]) =>
    settings[name] === undefined &&
    !elsewhere.has(name) &&
    known[name] !== undefined &&
    truth[name] !== value &&
    !(isCompleting(declared) && isAudible(name))
      ? [`${id}: ${name} is not declared any more, and still ${String(truth[name])}`]
      : [],
  );
};

const ofRemoved = (id: ConferenceId, { api, disk, scenario }: RestDeps): readonly string[] => {
  const record = disk.durable().records.get(id);
  if (record !== undefined && record.presence !== 'released') return [`${id} is not released`];
  if (scenario.onRemove !== 'reset' || wasGivenUp(id, scenario)) return [];
  const { settings: truth, elsewhere } = api.truthOf(id);
  return bodyEntries(defaults).flatMap(([name, value]) =>
    truth[name] === value || elsewhere.has(name)
      ? []
      : [`${id}: ${name} was not reset, and is ${String(truth[name])}`],
  );
};

/** One apply never looks, and the daemon gives up where somebody else is as stubborn. */
const isHealed = ({ sighting }: ConferenceRecord, { mode, drift }: Scenario): boolean =>
  mode !== 'apply' && drift.mode === 'heal' && !O.exists(isContested)(sighting);

const isCompleting = ({ settings }: Declared): boolean =>
  settings.state !== undefined && O.isSome(settings.state.value);

/** Declared `null` once: whatever it is then is not ours. */
const wasGivenUp = (id: ConferenceId, { injections }: Scenario): boolean =>
  injections.some(
    (one) =>
      one._tag === 'Edit' && one.edit._tag === 'Set' && one.edit.conference === id && one.edit.value === null,
  );
