/** A file that is not there yet: whole or not at all, and never in the place of another one. */
import { link, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { errorCode } from './scan-error.js';
import { reason } from './scan-problems.js';

/** Left: why there cannot be a new file of this name, in a few words. */
export const mayBeNew = (path: string): TE.TaskEither<string, void> =>
  pipe(
    TE.tryCatch(() => readdir(dirname(path)), words),
    TE.chainEitherK((names) => (names.includes(basename(path)) ? E.left(taken) : E.right(undefined))),
  );

export const createFile = (path: string, text: string, pid: number): TE.TaskEither<string, void> => {
  const unfinished = join(dirname(path), `.holdfast-${pid}.tmp`);
  return TE.tryCatch(
    async () => {
      try {
        await writeFile(unfinished, text, { flag: 'wx', flush: true });
        // Unlike a change of the name, it fails where something is.
        await link(unfinished, path);
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    (cause) => (errorCode(cause) === 'EEXIST' ? taken : words(cause)),
  );
};

const taken = 'it is there already';

const words = (cause: unknown): string =>
  errorCode(cause) === 'ENOENT' ? 'there is no such folder' : reason(errorCode(cause));
