/** Where what is declared came from. */
import type * as O from 'fp-ts/lib/Option.js';

export interface Revision {
  /** The full name of a commit, or `dir:sha256:<hex>` of a directory. */
  readonly revision: string;
  /** none: no commit is known to hold exactly this. */
  readonly commit: O.Option<Commit>;
}

/** What people know a commit by. All of it was written by whoever made it: masked and made safe where it is shown. */
export interface Commit {
  readonly sha: string;
  /** The first line of its message. */
  readonly subject: string;
  /** Name of who wrote it. */
  readonly author: string;
  readonly email: string;
  /** When it was committed, epoch ms. */
  readonly atMs: number;
}
