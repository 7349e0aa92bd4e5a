/**
 * A call that may have a guard. Between the turn that was given to it and the request stands the intent, and a
 * state that is slow to write can hold that up for seconds: the permit is asked for once more at the last
 * moment. A call that comes too late is not sent, and recorded as not executed.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Failure } from '../catapult/answer.js';
import { makeCall, type CallDeps, type Called, type NotRecorded, type Withheld } from './call.js';
import type { Sendable } from '../plan/plan.js';
import type { Waiting } from './queue.js';

export const makeGuardedCall =
  (change: Sendable, waiting: Waiting, revision: string, isCurrent: IO<boolean>, isInTime: IO<boolean>) =>
  (deps: CallDeps): Task<Called | Withheld | NotRecorded> => {
    const { catapult } = deps;
    return makeCall(
      change,
      waiting,
      revision,
      isCurrent,
    )({
      ...deps,
      catapult: {
        ...catapult,
        update: (id, body) => () => (isInTime() ? catapult.update(id, body) : TE.left(tooLate))(),
      },
    });
  };

export const isTooLate = (failure: Failure): boolean => failure === tooLate;

/** It is retried like a conflict: ever more seldom, because a state that is slow once may stay so. */
const tooLate: Failure = {
  _tag: 'Conflict',
  evidence: {
    status: O.none,
    code: O.none,
    message: 'not sent: the state was so slow to write that people may have come meanwhile',
  },
};
