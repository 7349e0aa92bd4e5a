/** The real source, clone and git beside a repository of the test; time passes only when the test says so. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as O from 'fp-ts/lib/Option.js';
import { makeClone, type Clone } from '../../../src/source/git/clone.js';
import { makeGit } from '../../../src/source/git/git-command.js';
import { makeGitSource, type FetchResult, type GitSource } from '../../../src/source/git/git-source.js';
import type { JudgeRules } from '../../../src/source/git/judge.js';
import type { Observation } from '../../../src/source/observation.js';
import { gitEnv, makeRepository, temporaryFolder, type Repository, type Scope } from '../../support/git.js';
import { makeVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

export interface FollowOptions extends Partial<JudgeRules> {
  readonly url?: string;
  readonly branch?: string;
  readonly inForce?: string;
  readonly allowedSigners?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Between the source and its clone. */
  readonly around?: (clone: Clone) => Clone;
}

export interface Following {
  readonly source: GitSource;
  readonly clock: VirtualClock;
  readonly clonePath: string;
  readonly results: readonly FetchResult[];
  /** Hints so far. */
  readonly hints: () => number;
  /** The next fetch has ended; whatever asks for it. */
  readonly fetched: () => Promise<void>;
  /** Fetches now, and gives what is observed then. */
  readonly look: () => Promise<Observation>;
  readonly stop: () => Promise<void>;
}

export const pollMs = 10_000;

export const mute = (id: string, on = true): string => `conferences:\n  ${id}:\n    mute: ${on}\n`;

/** No manifest. */
export const broken = 'conferences: [\n';

export const idsIn = ({ files }: Observation): readonly string[] =>
  files.flatMap(({ declared }) => declared.map(({ id }) => String(id)));

/** What status and log would tell. */
export const told = ({ problems, obstacles }: Observation): readonly string[] => [
  ...problems.map(
    ({ rule, at, commit }) =>
      `${rule} ${at.path}:${at.line} ${commit?.subject ?? ''} by ${commit?.author ?? ''}`,
  ),
  ...obstacles.map(
    ({ kind, commit }) =>
      `${kind}${O.isSome(commit) ? ` ${commit.value.subject} by ${commit.value.author}` : ''}`,
  ),
];

export interface Place {
  readonly folder: string;
  readonly repository: Repository;
  /** A daemon of its own each time, beside the same clone. */
  readonly follow: (options?: FollowOptions) => Following;
}

export const makePlace = (scope: Scope): Place => {
  const folder = temporaryFolder(scope);
  const repository = makeRepository(folder);
  return { folder, repository, follow: (options = {}) => follow(scope, folder, repository.path, options) };
};

const follow = (scope: Scope, folder: string, path: string, options: FollowOptions): Following => {
  const clock = makeVirtualClock();
  const clonePath = join(folder, 'state.db.git');
  const results: FetchResult[] = [];
  const waiting = new Set<() => void>();
  let hints = 0;
  const git = makeGit({ ...gitEnv(folder), ...options.env });
  const clone = makeClone({
    git,
    path: clonePath,
    url: options.url ?? path,
    branch: O.fromNullable(options.branch),
    allowedSigners: O.fromNullable(options.allowedSigners),
  });
  const source = makeGitSource({
    clone: options.around?.(clone) ?? clone,
    rules: {
      path: options.path ?? O.none,
      requireSigned: options.requireSigned ?? false,
      allowRewind: options.allowRewind ?? false,
    },
    pollMs,
    clock: {
      ...clock,
      // The last thing that a fetch does is to say when the next one comes.
      after: (delayMs, run) => {
        const cancel = clock.after(delayMs, run);
        for (const wake of [...waiting]) wake();
        return cancel;
      },
    },
    random: () => 0,
    inForce: O.fromNullable(options.inForce),
    onFetched: (result) => {
      results.push(result);
    },
  });
  const fetched = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
    await setImmediate();
  };
  let isFollowed = false;
  const stop = async (): Promise<void> => {
    git.close();
    await source.stop();
  };
  scope.onTestFinished(stop);
  return {
    source,
    clock,
    clonePath,
    results,
    hints: () => hints,
    fetched,
    look: async () => {
      const done = fetched();
      if (isFollowed) source.refresh();
      else source.follow(() => void (hints += 1));
      isFollowed = true;
      await done;
      return source.observe();
    },
    stop,
  };
};
