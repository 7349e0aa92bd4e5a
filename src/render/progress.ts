/** How far a run is. */
import { lanes, type Lane } from '../plan/lane.js';
import { showDuration } from './duration.js';

/**
 * `4 left, about 4 s`; without a limit there is no time to speak of. Where they wait in several lanes:
 * `4 left, about 4 s: 1 in lane 1, 3 in lane 2`. `intervalMs`: from one call to the next.
 */
export const leftText = (waiting: Readonly<Record<Lane, number>>, intervalMs: number): string => {
  const calls = waiting[1] + waiting[2] + waiting[3];
  if (calls === 0) return 'none left';
  const inLanes = lanes.flatMap((lane) => (waiting[lane] === 0 ? [] : [`${waiting[lane]} in lane ${lane}`]));
  const time =
    intervalMs === 0 ? [] : [`about ${showDuration(Math.max(1, Math.round((calls * intervalMs) / 1000)))}`];
  const text = [`${calls} left`, ...time].join(', ');
  return inLanes.length > 1 ? `${text}: ${inLanes.join(', ')}` : text;
};
