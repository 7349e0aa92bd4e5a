/** Conferences to which nothing is sent for a while, because a call whose answer was lost may still be executed. */
import type { ConferenceId } from '../conference/id.js';

export interface Rests {
  readonly until: (conference: ConferenceId, untilMs: number) => void;
  /** 0: it does not rest. */
  readonly endMs: (conference: ConferenceId) => number;
}

export const makeRests = (conferences: readonly ConferenceId[], untilMs: number): Rests => {
  const resting = new Map(conferences.map((conference) => [conference, untilMs]));
  return {
    until: (conference, untilMs) => {
      resting.set(conference, untilMs);
    },
    endMs: (conference) => resting.get(conference) ?? 0,
  };
};
