/**
 * The status of a daemon that goes on working: counted in short turns. A record never changes, another one takes its
 * place: where a conference stands is found out once for each of them.
 */
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { ConferenceRecord } from '../ledger/record.js';
import { tallyOf, type Tally } from '../plan/standing.js';
import { countStatus, type Known, type Status, type StatusRules } from '../plan/status.js';
import { pause } from './pause.js';

/** `stored`: always by the same writer, or by none. */
export const makeStatusInTurns = (stored: IO<Known>, rules: StatusRules): Task<Status> => {
  let known: ReadonlyMap<ConferenceRecord, Tally> = new Map();
  return async () => {
    const before = known;
    const now = new Map<ConferenceRecord, Tally>();
    const counting = countStatus(stored(), rules, (record, how) => {
      const tally = before.get(record) ?? tallyOf(record, how);
      now.set(record, tally);
      return tally;
    });
    for (let step = counting.next(); ; step = counting.next()) {
      if (step.done === true) {
        known = now;
        return step.value;
      }
      await pause();
    }
  };
};
