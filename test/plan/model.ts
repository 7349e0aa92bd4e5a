/**
 * The API as small as it can be: settings by conference, a partial update, an end that is final. And one apply
 * upon it, as the ledger sees it: what needs no call, then one call after the other, each of which may go wrong.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../../src/conference/id.js';
import { sealBody, type Body } from '../../src/conference/settings.js';
import { evolve, type Entry } from '../../src/ledger/entry.js';
import type { Outcome } from '../../src/ledger/record.js';
import type { Call } from '../../src/ledger/store.js';
import { bookkeeping } from '../../src/plan/bookkeeping.js';
import { bodyOf } from '../../src/plan/diff.js';
import { makePlan, type PlanInput } from '../../src/plan/make-plan.js';
import type { Plan, Sendable } from '../../src/plan/plan.js';

export type Records = PlanInput['records'];
export type Remote = ReadonlyMap<ConferenceId, Body>;

export interface World {
  readonly records: Records;
  readonly remote: Remote;
}

/**
 * - `answered`: as it should be. - `refused`: not executed, and the answer says so.
 * - `lost`: executed, the answer is lost. - `unheard`: not executed, and nobody knows.
 * - `killed-before`, `killed-after`: the process ends between intent and request, or between execution and outcome.
 */
export type Fate = 'answered' | 'refused' | 'lost' | 'unheard' | 'killed-before' | 'killed-after';
export const fates: readonly Fate[] = [
  'answered',
  'refused',
  'lost',
  'unheard',
  'killed-before',
  'killed-after',
];

export const foldEntries = (records: Records, entries: readonly Entry[]): Records => {
  const next = new Map(records);
  for (const entry of entries) {
    const record = evolve(O.fromNullable(next.get(entry.conference)), entry);
    if (O.isSome(record)) next.set(entry.conference, record.value);
    else next.delete(entry.conference);
  }
  return next;
};

export const sendableIn = ({ changes }: Plan): readonly Sendable[] =>
  changes.filter((change): change is Sendable => change._tag === 'Update' || change._tag === 'Complete');

export const callFor = (change: Sendable): Call => ({
  // Higher than that of any arbitrary record: numbers only rise.
  call: 2 ** 31,
  conference: change.conference,
  method: 'POST',
  revision: 'dir:now',
  commit: O.none,
  at: change.at,
  body: sealBody(bodyOf(change)),
  attempt: 1,
  force: O.none,
  startedAtMs: 1,
  result: O.none,
});

export const intended = (change: Sendable): Entry => ({
  _tag: 'Intended',
  conference: change.conference,
  call: callFor(change),
});

export const finished = (change: Sendable, outcome: Outcome['_tag']): Entry => ({
  _tag: 'Finished',
  conference: change.conference,
  call: callFor(change),
  result: { outcome, status: O.none, code: O.none, message: '', durationMs: 1 },
  trouble: O.none,
  forget: change.forget,
});

/** Makes the plan, does what needs no call, and hands on what does. */
export const begin = (input: PlanInput): { readonly plan: Plan; readonly records: Records } => {
  const plan = makePlan(input);
  return {
    plan,
    records: foldEntries(input.records, bookkeeping(plan, input, new Set(), 0)),
  };
};

/** One apply; it ends early when the process is killed. */
export const applyOnce = (input: PlanInput, remote: Remote, nextFate: () => Fate): World => {
  const { plan, records } = begin(input);
  let world: World = { records, remote };
  for (const change of plan.changes) {
    if (change._tag === 'None' && change.read) world = look(change.conference, world);
    if (change._tag !== 'Update' && change._tag !== 'Complete') continue;
    const fate = nextFate();
    world = send(change, world, fate);
    if (fate === 'killed-before' || fate === 'killed-after') return world;
  }
  return world;
};

const send = (change: Sendable, { records, remote }: World, fate: Fate): World => {
  const before = foldEntries(records, [intended(change)]);
  const settle = (outcome: Outcome['_tag'], now: Remote): World => ({
    records: foldEntries(before, [finished(change, outcome)]),
    remote: now,
  });
  const updated = execute(change, remote);
  switch (fate) {
    case 'answered':
      return hasEnded(remote, change.conference) ? settle('Ended', remote) : settle('Applied', updated);
    case 'refused':
      return settle('NotExecuted', remote);
    case 'lost':
      return settle('InDoubt', updated);
    case 'unheard':
      return settle('InDoubt', remote);
    case 'killed-before':
      return { records: before, remote };
    case 'killed-after':
      return { records: before, remote: updated };
  }
};

const execute = (change: Sendable, remote: Remote): Remote =>
  hasEnded(remote, change.conference)
    ? remote
    : new Map([...remote, [change.conference, { ...remote.get(change.conference), ...bodyOf(change) }]]);

const look = (conference: ConferenceId, { records, remote }: World): World => ({
  records: foldEntries(records, [sighted(conference, hasEnded(remote, conference))]),
  remote,
});

const sighted = (conference: ConferenceId, completed: boolean): Entry => ({
  _tag: 'Sighted',
  conference,
  completed,
  settings: {},
  audience: O.none,
  atMs: 0,
});

export const hasEnded = (remote: Remote, conference: ConferenceId): boolean =>
  remote.get(conference)?.state !== undefined;
