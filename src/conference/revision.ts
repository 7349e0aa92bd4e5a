/** Where what is declared came from. */
import type * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';

export interface Revision {
  /** The full name of a commit, or `dir:sha256:<hex>` of a directory. */
  readonly revision: string;
  /** none: no commit is known to hold exactly this. */
  readonly commit: O.Option<Commit>;
}

/** What people know a commit by. All of it was written by whoever made it: masked and made safe where it is shown. */
export const Commit = t.type(
  {
    sha: t.string,
    /** The first line of its message. */
    subject: t.string,
    /** Name of who wrote it. */
    author: t.string,
    email: t.string,
    /** When it was committed, epoch ms. */
    atMs: t.number,
  },
  'Commit',
);

export type Commit = Readonly<t.TypeOf<typeof Commit>>;
