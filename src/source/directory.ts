/**
 * A directory of manifests, looked at as often as wanted.
 *
 * An observation costs one `stat` for each file that has not changed; only changed bytes are parsed again, so
 * that an unchanged file keeps being the same `ManifestFile`. What was seen before never hides a change
 * (`scan-stamp.ts`), and a file or folder that cannot be read is a problem, never an absence.
 */
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { glimpseFiles, mostFiles } from './glimpse-files.js';
import type { Glimpse, Observation } from './observation.js';
import { scanOnce, type Scan } from './scan.js';
import { hasVanished, mostLooks, revisionOfText, textOf, toObservation } from './to-observation.js';

export interface DirectorySource {
  /** Never rejects. */
  readonly observe: T.Task<Observation>;
  /**
   * Of what was said to have changed since it was looked at last; none: only an observation can tell. Never rejects,
   * and is not asked for while there is an observation under way.
   */
  readonly glimpse: T.Task<O.Option<Glimpse>>;
  /** The entry of this path is said to have changed; none: anything may have. */
  readonly noticed: (path: O.Option<string>) => void;
}

/** `directory` as people wrote it, for it begins every path they are shown. `now` tells epoch milliseconds. */
export const makeDirectorySource = (directory: string, now: () => number = Date.now): DirectorySource => {
  let last: Scan = { known: new Map(), unreadable: new Map(), unlisted: [] };
  let text = '';
  let paths = new Set<string>();
  let mayBeAnything = false;
  const forgetNoticed = (): void => {
    paths = new Set();
    mayBeAnything = false;
  };
  return {
    observe: async () => {
      forgetNoticed();
      for (let look = 1; ; look += 1) {
        last = await scanOnce(directory, last.known, now);
        if (look < mostLooks && hasVanished(last)) continue;
        text = textOf(last);
        return toObservation(directory, last, text);
      }
    },
    glimpse: async () => {
      const glimpsed = mayBeAnything ? O.none : glimpseFiles(directory, { ...last, text }, paths, now);
      forgetNoticed();
      if (O.isNone(glimpsed)) return O.none;
      for (const [path, known] of glimpsed.value.known) last.known.set(path, known);
      text = glimpsed.value.text;
      return O.some({ revision: revisionOfText(text), files: glimpsed.value.changed });
    },
    noticed: (path) => {
      if (O.isSome(path) && paths.size <= mostFiles) paths.add(path.value);
      mayBeAnything ||= O.isNone(path);
    },
  };
};
