/**
 * What counts of a conference, found out once for as long as its record stays what it is. A record never changes:
 * another one takes its place. Pure, but for time.
 *
 * Law: it is what `tallyOf` says, as long as it is asked with the same rules.
 */
import type { ConferenceRecord } from '../ledger/record.js';
import { tallyOf, type StandingRules, type Tally } from './standing.js';

export const makeTallyByHeart = (): ((record: ConferenceRecord, rules: StandingRules) => Tally) => {
  const known = new WeakMap<ConferenceRecord, Tally>();
  return (record, rules) => {
    const before = known.get(record);
    if (before !== undefined) return before;
    const tally = tallyOf(record, rules);
    known.set(record, tally);
    return tally;
  };
};
