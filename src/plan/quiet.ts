/**
 * Which conferences need not be looked at again as long as neither their declaration nor the ledger changes:
 * those without a change and without a note. Pure.
 *
 * Law: whoever is quiet under some rules is quiet under all of `plan`'s and `apply`'s, because rules only say
 * how a difference is met, and here is none. That holds where all declarations were read, nothing live is
 * known, and drift is not healed.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Declared } from '../desired/desired.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { diff, type DiffRules } from './diff.js';
import { messagesOn, type PlanInput } from './make-plan.js';
import type { Plan } from './plan.js';

/** Of a declared conference. `quiet` is known to the ledger, `fresh` is as quiet and is not. */
export type Mark = 'quiet' | 'fresh' | 'loud';

export const marksIn = (
  { changes, notes }: Plan,
  { records }: Pick<PlanInput, 'records'>,
): ((conference: ConferenceId) => Mark) => {
  const loud = new Set<ConferenceId>(notes.map(({ conference }) => conference));
  for (const change of changes) if (change._tag !== 'None' || change.read) loud.add(change.conference);
  return (conference) => {
    if (loud.has(conference)) return 'loud';
    const presence = records.get(conference)?.presence ?? 'released';
    return presence === 'released' ? 'fresh' : 'quiet';
  };
};

/** The same of one that is declared, without a plan. */
export const markOf = (declared: Declared, record: ConferenceRecord | undefined, rules: DiffRules): Mark => {
  const change = diff(
    { conference: declared.id, declared: O.some(declared), record: O.fromNullable(record), live: O.none },
    rules,
  );
  if (change._tag !== 'None' || change.read) return 'loud';
  if (record === undefined) return 'fresh';
  if (messagesOn(declared, record, O.none).length > 0) return 'loud';
  return record.presence === 'released' ? 'fresh' : 'quiet';
};
