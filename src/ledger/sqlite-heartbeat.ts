/**
 * Shows every 3 s that a writer lives (`lease.ts` says what follows when it does not).
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Clock } from '../time/clock.js';
import { heartbeatIntervalMs } from './lease.js';
import type { LedgerError } from './store.js';

/** A beat that fails is tried again; a lost lease is the end of it. Returns what stops it. */
export const startHeartbeat = (
  beat: TaskEither<LedgerError, void>,
  clock: Pick<Clock, 'after'>,
): IO<void> => {
  let stopped = false;
  let cancel: IO<void> = () => undefined;
  const next = (): void => {
    cancel = clock.after(heartbeatIntervalMs, () => {
      void beat().then((result) => {
        if (!stopped && !(E.isLeft(result) && result.left._tag === 'LeaseLost')) next();
      });
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
};
