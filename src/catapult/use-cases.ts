/**
 * The API's own use cases, for programs that use holdfast as a library. Each takes what to do and then the
 * client to do it with, and costs one call of the budget (1 call per second by default). Nothing is retried:
 * the failure says whether the call was executed.
 *
 * Source of all: the API's pages "Update Conference" and "Get Conference".
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ConferenceId } from '../conference/id.js';
import type { Body, Settings } from '../conference/settings.js';
import type { Failure } from './answer.js';
import type { Catapult, Live } from './catapult.js';

/** Right: executed, the HTTP status. Left: see `Failure`; only `InDoubt` may have been executed. */
export type Updating = (catapult: Catapult) => TaskEither<Failure, number>;

/**
 * Sets the settings that are given and leaves the others alone (`POST …/conferences/{id}`), so sending it
 * twice is harmless. `Ended` when the conference is completed, `Missing` when there is none of this id,
 * `Rejected` when the API refuses a value.
 */
export const updateConference = (id: ConferenceId, settings: Settings): Updating => update(id, settings);

/**
 * Ends the conference for good (`state: completed`): it cannot be used again. `Ended` when it has been
 * completed before, also by itself when the last member left.
 */
export const completeConference = (id: ConferenceId): Updating => update(id, { state: 'completed' });

/** No member can speak (`mute: true`). Errors as `updateConference`. */
export const muteConference = (id: ConferenceId): Updating => update(id, { mute: true });

/** All members can speak, unless muted themselves (`mute: false`). Errors as `updateConference`. */
export const unmuteConference = (id: ConferenceId): Updating => update(id, { mute: false });

/** No member can hear or speak (`hold: true`). Errors as `updateConference`. */
export const holdConference = (id: ConferenceId): Updating => update(id, { hold: true });

/** All members can hear and speak, unless held themselves (`hold: false`). Errors as `updateConference`. */
export const unholdConference = (id: ConferenceId): Updating => update(id, { hold: false });

/**
 * What the API knows of the conference (`GET …/conferences/{id}`): its state, the number of active members
 * and the settings the answer carried. A setting that is absent was never set. `Missing` when there is none
 * of this id; `InDoubt` also when the answer cannot be read.
 */
export const getConference =
  (id: ConferenceId) =>
  (catapult: Catapult): TaskEither<Failure, Live> =>
    catapult.read(id);

const update =
  (id: ConferenceId, body: Body): Updating =>
  (catapult) =>
    catapult.update(id, body);
