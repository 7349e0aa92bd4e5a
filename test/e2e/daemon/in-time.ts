/**
 * Some things can only be shown by whoever acts before the quiet time is over. An attempt that a busy machine kept
 * from that shows nothing, and is made again.
 */
import { quietMs } from './world.js';

export type Attempt = 'shown' | 'too late';

/** No machine is so busy so often. */
const mostAttempts = 10;

export const inTime = async (attempt: () => Promise<Attempt>): Promise<void> => {
  for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
    if ((await attempt()) === 'shown') return;
  }
  throw new Error(`too late in ${mostAttempts} attempts`);
};

/** Whether what disappeared at `sinceMs` may count by now. */
export const isTooLate = (sinceMs: number): boolean => Date.now() - sinceMs >= quietMs;
