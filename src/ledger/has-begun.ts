/** Whether there is a state at all, which takes no database to know. */
import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import { lookAt } from './sqlite-files.js';
import type { StateLocation } from './sqlite-location.js';

/** false: nothing was ever written there, so that reading it finds nothing. */
export const hasBegun =
  (location: StateLocation): IO<boolean> =>
  () =>
    E.getOrElse(() => true)(E.tryCatch(() => lookAt(resolve(location.path))._tag !== 'Absent', E.toError));
