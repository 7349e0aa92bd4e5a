/**
 * The port to the API: the two calls holdfast makes. `client.ts` binds it to HTTP; a simulation may bind it
 * to a model.
 */
import type * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ConferenceId } from '../conference/id.js';
import type { Body } from '../conference/settings.js';
import type { Failure } from './answer.js';

export interface Catapult {
  /**
   * `POST /v1/users/{userId}/conferences/{conferenceId}` with exactly this body.
   * Right: executed (the HTTP status). Never rejects; always ends within the client's timeout.
   */
  readonly update: (id: ConferenceId, body: Body) => TaskEither<Failure, number>;
  /** `GET /v1/users/{userId}/conferences/{conferenceId}`. */
  readonly read: (id: ConferenceId) => TaskEither<Failure, Live>;
}

/** What a GET of the conference answers. Everything may be absent: the API's samples omit what was never set. */
export interface Live {
  readonly state: 'created' | 'active' | 'completed';
  readonly activeMembers: O.Option<number>;
  /** The settings the answer carried, but `state`. */
  readonly settings: Body;
}
