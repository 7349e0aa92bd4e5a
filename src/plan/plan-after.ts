/**
 * The plan after a few declarations have changed, at a cost that hardly grows with the others: those are compared
 * again, and so is whoever was to be sent something. Everybody else counts as before, and so do the safety checks.
 *
 * Law: while no other record changes, and nobody is completed or removed, it is the plan that `makePlan` makes.
 */
import type { ConferenceId } from '../conference/id.js';
import { byId, compareIn, secondsFor, summarise, type PlanInput } from './make-plan.js';
import type { Change, Plan, Summary } from './plan.js';

/** `changed`: whose declarations have changed. */
export const planAfter = (before: Plan, changed: readonly ConferenceId[], input: PlanInput): Plan => {
  const sent = sendableOf(before.changes);
  const ids = [...new Set([...changed, ...sent.map(({ conference }) => conference)])].sort();
  const compared = ids
    .filter((conference) => isKnown(conference, input))
    .map((conference) => compareIn(conference, input));
  const again = compared.map(({ change }) => change);
  const others = before.changes.slice(sent.length);
  const replaced = [...sent, ...changed.flatMap((conference) => takenOut(others, conference))];
  for (const change of again.filter(isUnsent)) others.splice(placeIn(others, change.conference), 0, change);
  const isAgain = new Set(ids);
  return {
    revision: input.revision,
    commit: input.commit,
    changes: [...inLane(again, 1), ...inLane(again, 2), ...others],
    notes: [
      ...before.notes.filter(({ conference }) => !isAgain.has(conference)),
      ...compared.flatMap(({ notes }) => notes),
    ].sort((left, right) => byId(left.conference, right.conference)),
    refused: before.refused,
    summary: summaryAfter(before.summary, replaced, again, input.rules.rate),
  };
};

/** Who was to be removed may be gone. */
const isKnown = (conference: ConferenceId, { desired, records }: PlanInput): boolean =>
  desired.has(conference) || (records.get(conference)?.presence ?? 'released') !== 'released';

/** They stand first. */
const sendableOf = (changes: readonly Change[]): readonly Change[] => {
  const end = changes.findIndex(isUnsent);
  return end === -1 ? changes : changes.slice(0, end);
};

const isUnsent = ({ _tag }: Change): boolean => _tag !== 'Update' && _tag !== 'Complete';

const inLane = (changes: readonly Change[], lane: 1 | 2): readonly Change[] =>
  changes.filter((change) => 'lane' in change && change.lane === lane);

const takenOut = (ordered: Change[], conference: ConferenceId): readonly Change[] => {
  const place = placeIn(ordered, conference);
  return ordered[place]?.conference === conference ? ordered.splice(place, 1) : [];
};

/** Where it stands or would stand, among changes in the order of the ids. */
const placeIn = (ordered: readonly Change[], conference: ConferenceId): number => {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.conference ?? '') < conference) low = middle + 1;
    else high = middle;
  }
  return low;
};

const summaryAfter = (
  before: Summary,
  replaced: readonly Change[],
  again: readonly Change[],
  rate: PlanInput['rules']['rate'],
): Summary => {
  const [less, more] = [summarise(replaced, rate), summarise(again, rate)];
  const counted = (what: Exclude<keyof Summary, 'seconds'>): number => before[what] - less[what] + more[what];
  return {
    update: counted('update'),
    complete: counted('complete'),
    release: counted('release'),
    none: counted('none'),
    blocked: counted('blocked'),
    suspended: counted('suspended'),
    calls: counted('calls'),
    seconds: secondsFor(counted('calls'), rate),
  };
};
