/**
 * The API with a meter: what an answer says of the budget is learned at the moment it comes, because what is
 * written down after it may take long on a slow disk.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Failure } from '../catapult/answer.js';
import type { Catapult } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import type { Clock } from '../time/clock.js';

export interface Meter {
  /** A request leaves now. */
  readonly leaves: IO<void>;
  /** `failure`: none after a success. `durationMs`: from the request to its answer. */
  readonly answered: (conference: ConferenceId, failure: O.Option<Failure>, durationMs: number) => void;
}

export const metered = (
  { update, read }: Catapult,
  { elapsed }: Pick<Clock, 'elapsed'>,
  meter: Meter,
): Catapult => {
  const measured =
    <A>(id: ConferenceId, call: TaskEither<Failure, A>): TaskEither<Failure, A> =>
    async () => {
      const leftMs = elapsed();
      meter.leaves();
      const answer = await call();
      meter.answered(id, E.isLeft(answer) ? O.some(answer.left) : O.none, elapsed() - leftMs);
      return answer;
    };
  return {
    update: (id, body) => measured(id, update(id, body)),
    read: (id) => measured(id, read(id)),
  };
};
