/**
 * One look: a GET, and what it leaves in the ledger. It counts the people in a conference before a call that
 * depends on them, or decides whether a conference has ended. What follows from it is up to the dispatcher.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Failure } from '../catapult/answer.js';
import { audienceOf } from '../catapult/audience.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import { sealBody } from '../conference/settings.js';
import type { Entry } from '../ledger/entry.js';
import type { LedgerError } from '../ledger/store.js';
import type { CallDeps } from './call.js';
import { troubleOf } from './outcome.js';
import { isAccountFailure } from './patience.js';
import type { Waiting } from './waiting.js';

export type Looked =
  | {
      readonly _tag: 'Seen';
      readonly live: Live;
      /** none: the answer does not tell. */
      readonly audience: O.Option<number>;
      /** When the answer came. */
      readonly seenMs: number;
    }
  | {
      readonly _tag: 'Failed';
      readonly failure: Failure;
      readonly retryAfterMs: O.Option<number>;
      /** From the request to its answer. */
      readonly durationMs: number;
      readonly unrecorded: O.Option<LedgerError>;
    }
  /** It was answered, and what it said could not be written. */
  | { readonly _tag: 'NotRecorded'; readonly error: LedgerError };

/** A look that nothing waits for. */
export const makeSight =
  (conference: ConferenceId) =>
  (deps: CallDeps): Task<Looked> =>
  async () => {
    const startedMs = deps.clock.elapsed();
    const answer = await deps.catapult.read(conference)();
    const seenMs = deps.clock.elapsed();
    if (E.isRight(answer)) return recorded(conference, answer.right, seenMs, deps)();
    const failure = answer.left;
    const written = await deps.ledger.write(missingIn(conference, failure, deps))();
    const unrecorded = E.isLeft(written) ? O.some(written.left) : O.none;
    return { _tag: 'Failed', failure, retryAfterMs: O.none, durationMs: seenMs - startedMs, unrecorded };
  };

/** That the API does not know it any more. */
const missingIn = (
  conference: ConferenceId,
  failure: Failure,
  { ledger, clock }: CallDeps,
): readonly Entry[] => {
  const record = ledger.records.get(conference);
  if (failure._tag !== 'Missing' || record === undefined) return [];
  const context = { body: {}, declared: '', attempts: 1, nowMs: clock.now(), retryAfterMs: O.none };
  const trouble = troubleOf(failure, { ...context, before: record.trouble });
  return [{ _tag: 'Troubled', conference, trouble }];
};

export const makeLook =
  (waiting: Waiting) =>
  (deps: CallDeps): Task<Looked> =>
  async () => {
    const { conference } = waiting;
    const startedMs = deps.clock.elapsed();
    const answer = await deps.catapult.read(conference)();
    const seenMs = deps.clock.elapsed();
    if (E.isLeft(answer)) return lookFailed(answer.left, seenMs - startedMs, waiting, deps)();
    return recorded(conference, answer.right, seenMs, deps)();
  };

const recorded =
  (conference: ConferenceId, live: Live, seenMs: number, { ledger, clock }: CallDeps): Task<Looked> =>
  async () => {
    const audience = audienceOf(live);
    const written = await ledger.write([sighted(conference, live, audience, clock.now())])();
    return E.isLeft(written)
      ? { _tag: 'NotRecorded', error: written.left }
      : { _tag: 'Seen', live, audience, seenMs };
  };

const sighted = (
  conference: ConferenceId,
  { state, settings }: Live,
  audience: O.Option<number>,
  atMs: number,
): Entry => ({
  _tag: 'Sighted',
  conference,
  completed: state === 'completed',
  settings: sealBody(settings),
  audience,
  atMs,
});

const lookFailed =
  (failure: Failure, durationMs: number, waiting: Waiting, deps: CallDeps): Task<Looked> =>
  async () => {
    const { conference, declaration } = waiting;
    const attempts = waiting.attempts + 1;
    const tries = { attempts, backedOffMs: waiting.backedOffMs, limits: waiting.limits + 1 };
    const retryAfterMs = isAccountFailure(failure)
      ? O.none
      : deps.patience.retryAfterMs(failure, tries, deps.random());
    const before = deps.ledger.records.get(conference)?.trouble ?? O.none;
    const nowMs = deps.clock.now();
    const trouble = troubleOf(failure, {
      body: {},
      before,
      declared: declaration,
      attempts,
      nowMs,
      retryAfterMs,
    });
    const written = await deps.ledger.write([{ _tag: 'Troubled', conference, trouble }])();
    const unrecorded = E.isLeft(written) ? O.some(written.left) : O.none;
    return { _tag: 'Failed', failure, retryAfterMs, durationMs, unrecorded };
  };
