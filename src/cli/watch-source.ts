/** Where `watch` reads from: a directory, or the commits of a repository. */
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import * as T from 'fp-ts/lib/Task.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import { makeDirectorySource } from '../source/directory.js';
import { makeClone } from '../source/git/clone.js';
import { makeGit } from '../source/git/git-command.js';
import { hideRemotes } from '../source/git/git-failure.js';
import { makeGitSource, type FetchResult } from '../source/git/git-source.js';
import type { Glimpse, Observation } from '../source/observation.js';
import { watchDirectory } from '../source/watch-directory.js';
import type { Context } from './context.js';
import type { GitConfig } from './git-config.js';

export interface WatchSource {
  /** For people, without a password. */
  readonly name: string;
  /** One look at the declarations. Never rejects. */
  readonly observe: T.Task<Observation>;
  /** One look at what is said to have changed; none: only an observation can tell. Never rejects. */
  readonly glimpse: T.Task<O.Option<Glimpse>>;
  /** From now on `hint` is called when they may have changed; `warn` says what keeps that from being noticed. */
  readonly follow: (hint: IO<void>, warn: (message: string) => void) => Following;
}

export interface Following {
  /** Somebody says that there is news. */
  readonly refresh: IO<void>;
  readonly stop: T.Task<void>;
}

export const directorySource = (directory: string, { clock }: Context): WatchSource => {
  const { observe, glimpse, noticed } = makeDirectorySource(directory, clock.now);
  return {
    name: hideSecrets(directory),
    observe,
    glimpse,
    follow: (hint, warn) => {
      const heard = (path: O.Option<string>): void => {
        noticed(path);
        hint();
      };
      const watching = watchDirectory(directory, heard, warn)();
      return { refresh: () => heard(O.none), stop: async () => (await watching).close() };
    },
  };
};

export interface RepositoryOptions {
  /** Where its clone is kept. */
  readonly clonePath: string;
  /** The commit that was in force last; none: there was none. */
  readonly before: O.Option<string>;
  readonly onFetched: (result: FetchResult) => void;
}

export const repositorySource = (
  { url, branch, path, pollMs, requireSigned, allowedSigners, allowRewind }: GitConfig,
  { clonePath, before, onFetched }: RepositoryOptions,
  { env, clock, random }: Context,
): WatchSource => {
  const git = makeGit(env);
  const source = makeGitSource({
    clone: makeClone({ git, path: clonePath, url, branch, allowedSigners }),
    rules: { path, requireSigned, allowRewind },
    pollMs,
    clock,
    random,
    inForce: before,
    onFetched,
  });
  return {
    name: `${hideRemotes(url)}${O.isSome(branch) ? `, branch ${branch.value}` : ''}`,
    observe: source.observe,
    glimpse: T.of(O.none),
    follow: (hint) => {
      source.follow(hint);
      return {
        refresh: source.refresh,
        stop: async () => {
          git.close();
          await source.stop();
        },
      };
    },
  };
};
