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
import { isDamage, notRun, type GitFailure } from './git-failure.js';
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
  const isStopped = (): boolean => stopped;
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
    const before = seen.taken;
    const result = await safely(() => look(seen, see));
    if (isStopped()) return;
    options.onFetched(E.isRight(result) ? 'fetched' : 'failed');
    see(E.isRight(result) ? result.right : sawFailure(seen, result.left.message));
    begun.give();
    if (seen.taken !== before) await options.clone.tidy();
    if (isStopped()) return;
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

/** A fetch that fails by a defect of ours is told like any other, and the next one comes all the same. */
const safely = (look: () => Promise<E.Either<GitFailure, Seen>>): Promise<E.Either<GitFailure, Seen>> =>
  look().catch((error: unknown) =>
    E.left(notRun(`a defect in holdfast: ${E.toError(error).message}; please report it`)),
  );

/** Left: the repository, or the clone of it, cannot be used now. */
type FetchAndJudge = (
  seen: Seen,
  /** Hears what is known before anything was fetched. */
  see: (next: Seen) => void,
) => Promise<E.Either<GitFailure, Seen>>;

const makeFetchAndJudge = ({ clone, rules }: GitSourceOptions): FetchAndJudge => {
  const judge = judgeWith({ clone, files: makeRevisionFiles(clone), rules });
  const mend = makeMend(clone);
  let isPrepared = false;
  let isSought = false;

  /** What was in force before the process began. */
  const restore = async (seen: Seen): Promise<E.Either<GitFailure, Seen>> => {
    if (isSought || O.isNone(seen.inForce) || O.isSome(seen.taken)) return E.right(seen);
    const before = await judge.before(seen.inForce.value)();
    return E.isLeft(before) ? before : E.right(startedWith(seen, before.right));
  };

  /** It has come with what was fetched, or has to be asked for: the branch may not lead to it any more. */
  const seek = async (seen: Seen): Promise<E.Either<GitFailure, Seen>> => {
    if (isSought || O.isNone(seen.inForce) || O.isSome(seen.taken)) return E.right(seen);
    const here = await clone.commit(seen.inForce.value)();
    if (E.isLeft(here)) return here;
    if (O.isNone(here.right)) await clone.fetchCommit(seen.inForce.value)();
    const restored = await restore(seen);
    isSought = E.isRight(restored);
    return restored;
  };

  return async (seen, see) => {
    const afterFailure = async (failure: GitFailure, isCertain: boolean): Promise<E.Left<GitFailure>> => {
      const mended = await mend(failure, isCertain);
      isPrepared &&= !mended;
      return {
        _tag: 'Left',
        left: mended ? { ...failure, message: `${failure.message}; the clone is made anew` } : failure,
      };
    };
    if (!isPrepared) {
      const made = await clone.prepare();
      if (E.isLeft(made)) return afterFailure(made.left, true);
      isPrepared = true;
    }
    const begun = await restore(seen);
    if (E.isLeft(begun)) return afterFailure(begun.left, true);
    see(begun.right);
    const tip = await clone.fetch();
    if (E.isLeft(tip)) return afterFailure(tip.left, false);
    const found = await seek(begun.right);
    if (E.isLeft(found)) return afterFailure(found.left, true);
    see(found.right);
    if (O.isNone(tip.right)) return E.right(sawNoBranch(found.right));
    const verdict = await judge.tip(tip.right.value, found.right)();
    return E.isLeft(verdict)
      ? afterFailure(verdict.left, true)
      : E.right(sawVerdict(found.right, verdict.right));
  };
};

/**
 * Throws the clone away where it is damaged, so that it is made anew; tells whether it did. What goes wrong in a fetch
 * can be the fault of the other side: then the clone is looked through first, once for each such fault.
 */
const makeMend = (clone: Clone): ((failure: GitFailure, isCertain: boolean) => Promise<boolean>) => {
  let elsewhere = '';
  return async (failure, isCertain) => {
    if (!isDamage(failure) || failure.message === elsewhere) return false;
    const sound = isCertain ? E.right(false) : await clone.isSound();
    if (E.isLeft(sound)) return false;
    if (sound.right) {
      elsewhere = failure.message;
      return false;
    }
    return E.isRight(await clone.discard());
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
