/**
 * Files are read one after the other. A conference that is moved meanwhile, from a file that is still to be read into
 * one that was read, is seen in neither. So where somebody is missing the look is taken again, until two in a row have
 * seen the same: then it was so in the moment between them.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** `restless`: what to say when the files never keep still. */
export const steadily =
  <Error, Found extends { readonly revision: string }>(
    look: TaskEither<Error, Found>,
    isSomebodyMissing: (found: Found) => boolean,
    restless: Error,
  ) =>
  (first: Found): TaskEither<Error, Found> =>
  async () => {
    let found = first;
    for (let looks = 1; looks < mostLooks; looks += 1) {
      if (!isSomebodyMissing(found)) return E.right(found);
      const again = await look();
      if (E.isLeft(again) || again.right.revision === found.revision) return again;
      found = again.right;
    }
    return E.left(restless);
  };

const mostLooks = 10;
