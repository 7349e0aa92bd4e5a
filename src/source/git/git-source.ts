/**
 * A repository as a source of declarations: commits, never a work tree.
 *
 * - A commit is taken whole or not at all. What is not taken changes nothing: the last good one stays in force, and
 *   the observation says why.
 * - The last good one is known from before (`inForce`) when the process begins, and is read before anything is
 *   fetched: a bad commit is not taken because somebody restarted the daemon.
 * - One fetch at a time. Whoever asks for one during another gets one more: what he knows of may have come too late
 *   for that.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Clock } from '../../time/clock.js';
import type { Observation } from '../observation.js';
import { singleFlight } from '../single-flight.js';
import type { Clone } from './clone.js';
import { isCommitName } from './commit-format.js';
import { isDamage, type GitFailure } from './git-failure.js';
import { judgeWith, type JudgeRules } from './judge.js';
import { makeRevisionFiles } from './revision-files.js';
import {
  nothingSeen,
  observationOf,
  sawFailure,
  sawNoBranch,
  sawVerdict,
  startedWith,
  type Seen,
} from './seen.js';

export interface GitSourceOptions {
  readonly clone: Clone;
  readonly rules: JudgeRules;
  readonly pollMs: number;
  readonly clock: Clock;
  readonly random: IO<number>;
  /** The revision that was in force when the state was written last. */
  readonly inForce: O.Option<string>;
  /** After every fetch. */
  readonly onFetched: (result: FetchResult) => void;
}

export type FetchResult = 'fetched' | 'failed';

export interface GitSource {
  /** Waits for the first fetch when nothing is known from before. Never rejects. */
  readonly observe: Task<Observation>;
  /** Begins to fetch, and goes on at the interval; tells when there is another observation. */
  readonly follow: (onNews: IO<void>) => void;
  /** Fetches now. */
  readonly refresh: IO<void>;
  readonly stop: Task<void>;
}

export const makeGitSource = (options: GitSourceOptions): GitSource => {
  const { clock, random, pollMs } = options;
  let seen: Seen = nothingSeen(O.filter(isCommitName)(options.inForce));
  let stopped = false;
  let tell: IO<void> = () => undefined;
  let cancel: IO<void> = () => undefined;
  const begun = makeSignal();

  const see = (next: Seen): void => {
    const isNews = next !== seen;
    seen = next;
    if (O.isSome(seen.taken)) begun.give();
    if (isNews) tell();
  };

  const look = makeFetchAndJudge(options);

  const cycle = async (): Promise<void> => {
    cancel();
    const startedMs = clock.elapsed();
    const result = await look(seen, see);
    if (stopped) return;
    options.onFetched(E.isRight(result) ? 'fetched' : 'failed');
    see(E.isRight(result) ? result.right : sawFailure(seen, result.left.message));
    begun.give();
    const waitMs = pollMs * (1 - maxJitter * random()) - (clock.elapsed() - startedMs);
    cancel = clock.after(Math.max(shortestPauseMs, waitMs), flight.request);
  };
  const flight = singleFlight(cycle);

  return {
    observe: async () => {
      if (O.isNone(seen.taken)) await begun.given;
      return observationOf(seen);
    },
    follow: (onNews) => {
      tell = onNews;
      flight.request();
    },
    refresh: () => {
      if (!stopped) flight.request();
    },
    stop: async () => {
      stopped = true;
      cancel();
      begun.give();
      await flight.idle();
    },
  };
};

/** Left: the repository, or the clone of it, cannot be used now. */
type FetchAndJudge = (
  seen: Seen,
  /** Hears what is known before anything was fetched. */
  see: (next: Seen) => void,
) => Promise<E.Either<GitFailure, Seen>>;

const makeFetchAndJudge = ({ clone, rules }: GitSourceOptions): FetchAndJudge => {
  const judge = judgeWith({ clone, files: makeRevisionFiles(clone), rules });
  let prepared = false;

  /** What was in force before is read as soon as there is a clone. */
  const prepare = async (seen: Seen): Promise<E.Either<GitFailure, Seen>> => {
    if (prepared) return E.right(seen);
    const made = await clone.prepare();
    if (E.isLeft(made)) return made;
    const isKnown = O.isNone(seen.inForce) || O.isSome(seen.taken);
    const before = isKnown ? E.right(O.none) : await judge.before(seen.inForce.value)();
    if (E.isLeft(before)) return before;
    prepared = true;
    return E.right(startedWith(seen, before.right));
  };

  const afterFailure = async (failure: GitFailure): Promise<E.Either<GitFailure, never>> => {
    if (!isDamage(failure)) return E.left(failure);
    const sound = await clone.isSound();
    if (E.isLeft(sound) || sound.right) return E.left(failure);
    prepared = false;
    await clone.discard();
    return E.left({ ...failure, message: `${failure.message}; the clone is damaged and is made anew` });
  };

  return async (seen, see) => {
    const begun = await prepare(seen);
    if (E.isLeft(begun)) return afterFailure(begun.left);
    see(begun.right);
    const tip = await clone.fetch();
    if (E.isLeft(tip)) return afterFailure(tip.left);
    if (O.isNone(tip.right)) return E.right(sawNoBranch(begun.right));
    const verdict = await judge.tip(tip.right.value, begun.right)();
    return E.isLeft(verdict) ? afterFailure(verdict.left) : E.right(sawVerdict(begun.right, verdict.right));
  };
};

/** Never later than the interval says: who waits for a commit counts on it. */
const maxJitter = 0.05;
const shortestPauseMs = 100;

const makeSignal = (): { readonly given: Promise<void>; readonly give: IO<void> } => {
  let give: IO<void> = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
};
