/** Where much is to be done at once: a pause, in which calls, answers and the heartbeat of the lease have their turns. */
import { setImmediate } from 'node:timers/promises';

/** Conferences or files that are gone through between two pauses: some milliseconds. */
export const atOnce = 1_000;

export const pause = (): Promise<void> => setImmediate();
