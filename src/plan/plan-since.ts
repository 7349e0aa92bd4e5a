/**
 * The effect of one revision beside another one, the base: what a pull request does, and nothing that was waiting to
 * be done anyway. It is the plan against the ledger as it would stand if the base had been applied whole.
 *
 * Laws: a conference that both declare the same has no change; the base beside itself has none at all; where the base
 * has been applied, this is the plan.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import { sealBody } from '../conference/settings.js';
import type { Declared, Desired } from '../desired/desired.js';
import { evolve, isCompleted, type Entry } from '../ledger/entry.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { Call } from '../ledger/store.js';
import { bookkeeping } from './bookkeeping.js';
import { contentOf } from './declaration.js';
import { bodyOf } from './diff.js';
import { makePlan, summarise, type PlanInput } from './make-plan.js';
import type { Change, Plan, Remark, Sendable } from './plan.js';

export interface Base {
  readonly desired: Desired;
  /** false: some of its files could not be read, so that what is missing may be declared there. */
  readonly isWhole: boolean;
}

type Records = PlanInput['records'];

export const planSince = (base: Base, input: PlanInput): Plan => {
  const takenBack = endsTakenBack(base, input);
  const records = applied({ ...base, desired: withoutEnds(base.desired, takenBack) }, input);
  const before: PlanInput = { ...input, desired: base.desired, records };
  const after: PlanInput = { ...input, records: before.records };
  const plan = makePlan(after);
  const begun = makePlan(before);
  const held = refusedIn(begun);
  const stillHeld = refusedIn(plan);
  const isSame = (conference: ConferenceId): boolean =>
    held.has(conference) === stillHeld.has(conference) &&
    isKnownTo(base, conference) &&
    contentOf(base.desired.get(conference)) === contentOf(input.desired.get(conference));
  const changes = plan.changes.map((change) => (isSame(change.conference) ? unchanged(change) : change));
  const known = new Set(begun.notes.map(noteKey));
  return {
    ...plan,
    changes,
    notes: [
      ...plan.notes.filter((note) => !known.has(noteKey(note))),
      ...takenBack.map(({ id, at }) => ({ conference: id, message: takenBackWords, at: O.some(at) })),
    ],
    refused: plan.refused.filter(({ conference }) => !isSame(conference)),
    summary: summarise(changes, input.rules.rate),
  };
};

/**
 * The records that would be left if the desired were applied: every call went through that no safety check holds, and
 * whoever is only said to have ended goes on.
 */
export const applied = (base: Base, { records, ...input }: PlanInput): Records => {
  const begun: PlanInput = {
    ...input,
    desired: base.desired,
    records: new Map([...records].map(([id, record]) => [id, decided(record, base)])),
    rules: { ...input.rules, removals: base.isWhole ? 'count' : 'settings' },
  };
  const plan = makePlan(begun);
  const refused = refusedIn(plan);
  const calls = plan.changes.flatMap((change) =>
    (change._tag === 'Update' || change._tag === 'Complete') && !refused.has(change.conference)
      ? callEntries(change)
      : [],
  );
  return fold(begun.records, [...bookkeeping(plan, begun, refused, 0), ...calls]);
};

/** A safety check holds it: it has not been done, and another revision may be what lets it through. */
const refusedIn = ({ refused }: Plan): ReadonlySet<ConferenceId> =>
  new Set(refused.map(({ conference }) => conference));

/** A doubt that one GET decides would hide what is declared. */
const decided = (record: ConferenceRecord, { desired }: Base): ConferenceRecord => {
  const { state, ...settings } = record.settings;
  const isDoubted = state?._tag === 'InDoubt' && desired.get(record.id)?.settings.state === undefined;
  return { ...record, endReportedAtMs: O.none, settings: isDoubted ? settings : record.settings };
};

const callEntries = (change: Sendable): readonly Entry[] => {
  const { conference, at, forget } = change;
  const call: Call = {
    call: 0,
    conference,
    method: 'POST',
    revision: '',
    commit: O.none,
    at,
    body: sealBody(bodyOf(change)),
    attempt: 1,
    force: O.none,
    startedAtMs: 0,
    result: O.none,
  };
  const result = { outcome: 'Applied', status: O.none, code: O.none, message: '', durationMs: 0 } as const;
  return [
    { _tag: 'Intended', conference, call },
    { _tag: 'Finished', conference, call, result, trouble: O.none, forget },
  ];
};

const fold = (records: Records, entries: readonly Entry[]): Records => {
  const next = new Map(records);
  for (const entry of entries) {
    const record = evolve(O.fromNullable(next.get(entry.conference)), entry);
    if (O.isSome(record)) next.set(entry.conference, record.value);
    else next.delete(entry.conference);
  }
  return next;
};

/** Of a base that is not whole nothing is known but what it declares. */
const isKnownTo = ({ desired, isWhole }: Base, conference: ConferenceId): boolean =>
  isWhole || desired.has(conference);

const unchanged = ({ conference, name }: Change): Change => ({
  _tag: 'None',
  conference,
  name,
  read: false,
});

const noteKey = ({ conference, message }: Remark): string => `${conference} ${message}`;

/** What the base completes, has not ended yet, and is not to be completed any more; as it is declared now. */
const endsTakenBack = ({ desired }: Base, input: PlanInput): readonly Declared[] =>
  [...input.desired.values()]
    .filter((declared) => {
      const record = input.records.get(declared.id);
      const hasEnded = record !== undefined && isCompleted(record);
      return !hasEnded && completes(desired.get(declared.id)) && !completes(declared);
    })
    .sort((left, right) => (left.id < right.id ? -1 : 1));

const completes = (declared: Declared | undefined): boolean =>
  declared !== undefined && !declared.suspend && O.isSome(declared.settings.state?.value ?? O.none);

/** An end that does not come about must not stand in the way of what is declared instead. */
const withoutEnds = (desired: Desired, those: readonly Declared[]): Desired => {
  const next = new Map(desired);
  for (const { id } of those) {
    const declared = desired.get(id);
    if (declared === undefined) continue;
    const { state: _, ...settings } = declared.settings;
    next.set(id, { ...declared, whenEmpty: false, settings });
  }
  return next;
};

const takenBackWords =
  'the base completes it, and as far as is known it has not ended: it goes on, unless the base is applied first';
