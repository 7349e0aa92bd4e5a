/**
 * A directory of manifests, looked at as often as wanted.
 *
 * An observation costs one `stat` for each file that has not changed; only changed bytes are parsed again, so
 * that an unchanged file keeps being the same `ManifestFile`. What was seen before never hides a change
 * (`scan-stamp.ts`), and a file or folder that cannot be read is a problem, never an absence.
 */
import type * as T from 'fp-ts/lib/Task.js';
import type { Observation } from './observation.js';
import { scanOnce, type Known } from './scan.js';
import { hasVanished, mostLooks, toObservation } from './to-observation.js';

export interface DirectorySource {
  /** Never rejects. */
  readonly observe: T.Task<Observation>;
}

/** `directory` as people wrote it, for it begins every path they are shown. `now` tells epoch milliseconds. */
export const makeDirectorySource = (directory: string, now: () => number = Date.now): DirectorySource => {
  let known: ReadonlyMap<string, Known> = new Map();
  return {
    observe: async () => {
      for (let look = 1; ; look += 1) {
        const scan = await scanOnce(directory, known, now);
        known = scan.known;
        if (look === mostLooks || !hasVanished(scan)) return toObservation(directory, scan);
      }
    },
  };
};
