/**
 * The safety checks: a mistake in a repository must not hang up on people. They look at a whole plan before
 * the first call; what they refuse is data, and apply or the daemon acts on it.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Desired } from '../desired/desired.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { Change, Refusal } from './plan.js';

export interface SafetyRules {
  /** More completions than this in one plan are refused. */
  readonly maxComplete: number;
}

/** Whatever `maxComplete` says: no plan may complete more than this share of what is known. */
const maxCompleteShare = { percent: 30, fromConferences: 10 } as const;

/** The conferences that are left out of a plan because nothing is to do or to say about them; all are declared. */
export interface Quiet {
  /** Known to the ledger. */
  readonly known: number;
  /** Only declared. */
  readonly unknown: number;
}

export const nobodyQuiet: Quiet = { known: 0, unknown: 0 };

type Records = ReadonlyMap<ConferenceId, ConferenceRecord>;

/** At most one refusal a conference, the gravest one; in the order of the changes. */
export const refusals = (
  changes: readonly Change[],
  desired: Desired,
  records: Records,
  rules: SafetyRules,
  quiet: Quiet = nobodyQuiet,
): readonly Refusal[] => {
  const limit = completionLimit(changes, desired, records, rules, quiet);
  const everything = quiet.known === 0 && removesEverything(desired, records);
  return changes.flatMap((change) => {
    if (change._tag === 'Complete' && isProtected(change.conference, desired, records)) {
      return [refuse(change, 'protected', 'it is protected and would be completed')];
    }
    if (everything && isRemoval(change)) {
      return [refuse(change, 'everything-removed', 'nothing that the ledger knows is declared any more')];
    }
    return change._tag === 'Complete' && limit !== undefined
      ? [refuse(change, limit.rule, limit.message)]
      : [];
  });
};

/** The ledger remembers protection; only the word `protect: false` lifts it. */
const isProtected = (conference: ConferenceId, desired: Desired, records: Records): boolean =>
  O.getOrElse(() => records.get(conference)?.protected ?? false)(desired.get(conference)?.protect ?? O.none);

const completionLimit = (
  changes: readonly Change[],
  desired: Desired,
  records: Records,
  { maxComplete }: SafetyRules,
  quiet: Quiet,
): { readonly rule: 'max-complete' | 'max-complete-share'; readonly message: string } | undefined => {
  const completing = changes.filter(({ _tag }) => _tag === 'Complete').length;
  if (completing === 0) return undefined;
  if (completing > maxComplete) {
    return {
      rule: 'max-complete',
      message: `${completing} conferences would be completed at once, more than the ${maxComplete} that --max-complete allows`,
    };
  }
  const known = new Set([...desired.keys(), ...knownTo(records)]).size + quiet.known + quiet.unknown;
  const { percent, fromConferences } = maxCompleteShare;
  return known >= fromConferences && completing * 100 > known * percent
    ? {
        rule: 'max-complete-share',
        message: `${completing} of ${known} conferences would be completed at once, more than ${percent} %`,
      }
    : undefined;
};

const removesEverything = (desired: Desired, records: Records): boolean => {
  let isAnyKnown = false;
  for (const { id, presence } of records.values()) {
    if (presence === 'released') continue;
    // Mostly the first one.
    if (desired.has(id)) return false;
    isAnyKnown = true;
  }
  return isAnyKnown;
};

/** Somebody whom the ledger knows is not declared. */
export const removesSomebody = (desired: Desired, records: Records): boolean =>
  knownTo(records).some((conference) => !desired.has(conference));

/** The conferences of the ledger, but those of which only the protection is remembered. */
export const knownTo = (records: Records): readonly ConferenceId[] => {
  const known: ConferenceId[] = [];
  for (const { id, presence } of records.values()) if (presence !== 'released') known.push(id);
  return known;
};

const isRemoval = (change: Change): boolean =>
  change._tag === 'Release' || ((change._tag === 'Update' || change._tag === 'Complete') && change.forget);

const refuse = ({ conference, ...change }: Change, rule: Refusal['rule'], message: string): Refusal => ({
  conference,
  rule,
  message,
  at: 'at' in change ? change.at : O.none,
});
