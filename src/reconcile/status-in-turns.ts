/** The status of a daemon that goes on working: counted in short turns, and by heart where nothing has changed. */
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import { makeTallyByHeart } from '../plan/tally-by-heart.js';
import { countStatus, type Known, type Status, type StatusRules } from '../plan/status.js';
import { pause } from './pause.js';

/** `stored`: by one and the same writer. */
export const makeStatusInTurns = (stored: IO<Known>, rules: StatusRules): Task<Status> => {
  const tally = makeTallyByHeart();
  return async () => {
    const counting = countStatus(stored(), rules, tally);
    for (let step = counting.next(); ; step = counting.next()) {
      if (step.done === true) return step.value;
      await pause();
    }
  };
};
