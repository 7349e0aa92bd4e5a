/** Which waiting change goes first. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Change } from './plan.js';

/** 1: what people hear. 2: the other settings. 3: reads, and what waits for people. */
export type Lane = 1 | 2 | 3;

export const lanes: readonly Lane[] = [1, 2, 3];

/** none: it needs no call. */
export const laneFor = (change: Change): O.Option<Lane> => {
  switch (change._tag) {
    case 'Update':
      return O.some(change.lane);
    case 'Complete':
      return O.some(change.guard._tag === 'WhenEmpty' ? 3 : 1);
    case 'None':
      return change.read ? O.some(3) : O.none;
    case 'Release':
    case 'Suspended':
    case 'Blocked':
      return O.none;
  }
};
