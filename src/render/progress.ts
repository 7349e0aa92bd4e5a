/** How far a run is. */
import { showDuration } from './duration.js';

/** `4 left, about 4 s`; without a limit there is no time to speak of. `intervalMs`: from one call to the next. */
export const leftText = (calls: number, intervalMs: number): string => {
  if (calls === 0) return 'none left';
  const seconds = intervalMs === 0 ? 0 : Math.max(1, Math.round((calls * intervalMs) / 1000));
  return seconds === 0 ? `${calls} left` : `${calls} left, about ${showDuration(seconds)}`;
};
