/**
 * What counts of a conference, found out once for as long as its record stays what it is. A record never changes:
 * another one takes its place. Pure, but for time.
 *
 * Law: it is what `tallyOf` says, as long as it is asked with the same rules.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { tallyOf, type StandingRules, type Tally } from './standing.js';

export const makeTallyByHeart = (): ((record: ConferenceRecord, rules: StandingRules) => Tally) => {
  const known = new WeakMap<ConferenceRecord, Tally>();
  return (record, rules) => {
    const before = known.get(record);
    if (before !== undefined) return before;
    const found = tallyOf(record, rules);
    const tally = isAtRest(found) ? atRest : found;
    known.set(record, tally);
    return tally;
  };
};

/** What most of them are; one for all of these. */
const atRest: Tally = {
  standing: 'settled',
  inDoubt: false,
  calls: 0,
  lane: O.none,
  waitingSinceMs: O.none,
  driftedSettings: 0,
};

const isAtRest = ({ standing, inDoubt, calls, lane, waitingSinceMs, driftedSettings }: Tally): boolean =>
  standing === 'settled' &&
  !inDoubt &&
  calls === 0 &&
  driftedSettings === 0 &&
  O.isNone(lane) &&
  O.isNone(waitingSinceMs);
