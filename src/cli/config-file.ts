/** Reads `holdfast.yaml`, which stands beside the desired directory. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FileLayer, Problems } from './config.js';

const fileName = 'holdfast.yaml';

/** A file that does not exist says nothing. */
export const readConfigFile = (desiredDirectory: string): TE.TaskEither<Problems, FileLayer> => {
  const path = join(dirname(resolve(desiredDirectory)), fileName);
  const shown = relative('.', path);
  return pipe(
    TE.fromIOEither(() => E.tryCatch(() => readFileSync(path, 'utf8'), reasonOf)),
    TE.matchE(
      (reason) =>
        TE.fromEither(
          reason === 'ENOENT' || reason === 'ENOTDIR'
            ? E.right<Problems, FileLayer>(new Map())
            : E.left([`${shown}: cannot be read (${reason})`]),
        ),
      (text) => async () => {
        // With it comes the parser, and most directories have no such file.
        const { readConfigText } = await import('./config-text.js');
        return readConfigText(shown, text);
      },
    ),
  );
};

const reasonOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
