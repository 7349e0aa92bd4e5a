/** What a look at the declarations finds, wherever they are kept. */
import type * as O from 'fp-ts/lib/Option.js';
import type { Commit, Revision } from '../conference/revision.js';
import type { ManifestFile } from '../desired/manifest.js';
import type { Problem } from '../desired/problem.js';

export interface Observation extends Revision {
  /** Sorted by path. */
  readonly files: readonly ManifestFile[];
  /** Of the whole and of its folders; of a commit that is not taken, everything that is wrong with it. */
  readonly problems: readonly Problem[];
  /** false: some folder could not be listed, so that an absent file proves nothing. */
  readonly complete: boolean;
  /** A commit: nobody is writing it, so that what is missing from it was removed. */
  readonly isFinal: boolean;
  /** What keeps a later revision from being seen or taken, apart from its manifests. */
  readonly obstacles: readonly Obstacle[];
}

/** What a look finds that saw only the files which are said to have changed, and took the others to be as they were. */
export interface Glimpse {
  readonly revision: string;
  /** Those that have changed. */
  readonly files: readonly ManifestFile[];
}

/**
 * - `unsigned`: not signed by anybody who may. - `rewound`: the branch was set back or deleted.
 * - `unfetched`: the repository cannot be reached or read.
 */
export interface Obstacle {
  readonly kind: 'unsigned' | 'rewound' | 'unfetched';
  readonly message: string;
  readonly commit: O.Option<Commit>;
}
