/** One look at the declarations: what is observed, what of it is accepted, and when to look again. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Revision } from '../conference/revision.js';
import type { LedgerError } from '../ledger/store.js';
import type { Observation } from '../source/observation.js';
import type { Clock } from '../time/clock.js';
import { accept, type Accepted } from './accept.js';
import { atOnce, pause } from './pause.js';

export interface LookDeps {
  readonly observe: Task<Observation>;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly accepted: IO<Accepted>;
  readonly pass: (found: Found) => Task<void>;
  readonly stateError: IO<O.Option<LedgerError>>;
  /** Look again after so many milliseconds, at the latest. */
  readonly within: (delayMs: number) => void;
}

export interface Found extends Revision {
  readonly accepted: Accepted;
  /** The declarations have been seen unchanged for a while: none of them is half written. */
  readonly hasBeenQuiet: boolean;
}

/** File events are hints, not truth. */
export const rescanMs = 60_000;
/** Removals count after this much quiet. */
const quietMs = 2_000;
const stateRetryMs = 2_000;
/** What could not be read may be readable soon, and no event says so. */
const unreadRetryMs = 5_000;

export const makeLook = ({ observe, clock, accepted, pass, stateError, within }: LookDeps): Task<void> => {
  /** The revision of the last look, and since when it looks like this. */
  let seen = { revision: '', sinceMs: 0 };
  let hasBeenQuiet = false;
  return async () => {
    const startedMs = clock.elapsed();
    const { revision, commit, files, problems, complete, isFinal, obstacles } = await observe();
    if (revision !== seen.revision) seen = { revision, sinceMs: clock.elapsed() };
    const quiet = isFinal || startedMs - seen.sinceMs >= quietMs;
    hasBeenQuiet ||= quiet;
    const now = accept(accepted(), { files, problems, complete, quiet, obstacles });
    if (files.length > atOnce) await pause();
    await pass({ accepted: now, revision, commit, hasBeenQuiet })();
    if (!quiet && (!hasBeenQuiet || awaitsQuiet(now))) within(seen.sinceMs + quietMs - clock.elapsed());
    within(O.isSome(stateError()) ? stateRetryMs : rescanMs);
    if (!complete || files.some(isUnread)) within(unreadRetryMs);
  };
};

/** Otherwise a quiet look would find that everything is in force already. */
const awaitsQuiet = ({ held, removalsTrusted }: Accepted): boolean => held.length > 0 || !removalsTrusted;

const isUnread = ({ problems }: Observation['files'][number]): boolean =>
  problems.some(({ rule }) => rule === 'unreadable-file');
