/** How far a run is. */
import { secondsFor } from '../plan/make-plan.js';
import type { Rate } from '../plan/plan.js';
import { showDuration } from './duration.js';

/** `4 left, about 4 s`; without a limit there is no time to speak of. */
export const leftText = (calls: number, rate: Rate): string => {
  if (calls === 0) return 'none left';
  const seconds = secondsFor(calls, rate);
  return seconds === 0 ? `${calls} left` : `${calls} left, about ${showDuration(seconds)}`;
};
