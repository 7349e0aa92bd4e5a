/**
 * When the next commit may be made. SQLite does its work in one go, and each commit costs an fsync. So one is made at
 * once, and the next one not before what has arrived meanwhile was heard: what several answers lead to shares it.
 * Where several calls have shared one, more are under way, and a few milliseconds let more of them share the next.
 */
import { setImmediate } from 'node:timers/promises';

export interface CommitTurns {
  readonly next: () => Promise<void>;
  /** One was made, for so many calls. */
  readonly taken: (calls: number) => void;
}

export const makeCommitTurns = (pause: (milliseconds: number) => Promise<void>): CommitTurns => {
  let free: Promise<void> = Promise.resolve();
  return {
    next: () => free,
    taken: (calls) => {
      free = calls > 1 ? pause(crowdedPauseMs) : setImmediate();
    },
  };
};

/** An answer takes longer in most places, and a pause is lost time only to who waits for nothing else. */
const crowdedPauseMs = 8;
