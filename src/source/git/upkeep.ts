/**
 * The clone as a thing on the disk: made, fetched into, mended, thrown away. Nobody else works in it, so that whatever
 * a git that was killed has left behind is in the way and nothing more.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Commit } from '../../conference/revision.js';
import { commitFormat, readCommit } from './commit-format.js';
import type { Git } from './git-command.js';
import { isMissingBranch, otherObjectFormat, type GitFailure } from './git-failure.js';
import { onDisk } from './on-disk.js';

export interface CloneOptions {
  readonly git: Git;
  /** Where it is kept. */
  readonly path: string;
  /** As git takes it; may carry a password. */
  readonly url: string;
  /** none: the one that the repository names as its own. */
  readonly branch: O.Option<string>;
  /** none: what git's own configuration says. */
  readonly allowedSigners: O.Option<string>;
}

export type Answer<A> = TE.TaskEither<GitFailure, A>;

export interface Upkeep {
  /** Makes it, or makes it usable again after a process that was killed. */
  readonly prepare: Answer<void>;
  /** The tip of the branch; none: there is no such branch. */
  readonly fetch: Answer<O.Option<Commit>>;
  /** A commit that the branch may not lead to any more. Not every server gives it. */
  readonly fetchCommit: (sha: string) => Answer<void>;
  /** Nothing of this commit is thrown away, whatever happens to the branch. */
  readonly keep: (sha: string) => Answer<void>;
  /** Packs what has come together, when it is worth it. */
  readonly tidy: Answer<void>;
  /** false: something that belongs to it is missing or damaged. */
  readonly isSound: Answer<boolean>;
  /** Throws it away. */
  readonly discard: Answer<void>;
}

const tip = 'refs/holdfast/tip';
const kept = 'refs/holdfast/in-force';

export const upkeepWith = (git: Git['run'], options: CloneOptions): Upkeep => {
  const { path, branch } = options;
  const disk = { make: (format: string) => make(git, path, format), discard: discard(path) };
  const fetchTip = fetchWith(
    git,
    options,
    disk,
    `+${O.isSome(branch) ? `refs/heads/${branch.value}` : 'HEAD'}:${tip}`,
  );
  return {
    prepare: disk.make(''),
    fetch: pipe(
      fetchTip,
      TE.chain(() => git(['log', '-1', commitFormat, tip, '--'])),
      TE.map(readCommit),
      TE.orElse((failure) => (isMissingBranch(failure) ? TE.right(O.none) : TE.left(failure))),
    ),
    fetchCommit: (sha) => fetchWith(git, options, disk, `+${sha}:${kept}`),
    keep: (sha) => asVoid(git(['update-ref', kept, sha])),
    tidy: asVoid(git(['gc', '--auto', '--quiet'], { silenceMs: tidyMs })),
    isSound: pipe(
      git(['fsck', '--connectivity-only', '--no-dangling', '--progress']),
      TE.map(() => true),
      TE.orElse((failure) => (O.isSome(failure.exitCode) ? TE.right(false) : TE.left(failure))),
    ),
    discard: disk.discard,
  };
};

/** Packing a large history anew takes long, and says nothing. */
const tidyMs = 6 * 60 * 60_000;

interface Disk {
  readonly make: (objectFormat: string) => Answer<void>;
  readonly discard: Answer<void>;
}

/** The empty format: what it has already, or git's own choice. */
const make = (git: Git['run'], path: string, objectFormat: string): Answer<void> =>
  pipe(
    onDisk(() => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      removeLeftovers(path);
    }),
    TE.chain(() =>
      git(['init', '--quiet', '--bare', ...(objectFormat === '' ? [] : [`--object-format=${objectFormat}`])]),
    ),
    TE.map(() => undefined),
  );

const discard = (path: string): Answer<void> =>
  onDisk(() => {
    rmSync(path, { recursive: true, force: true });
  });

/** A repository with names of another length is not known as such before it is asked. */
const fetchWith = (git: Git['run'], options: CloneOptions, disk: Disk, refspec: string): Answer<void> => {
  const once = pipe(
    onDisk(() => {
      removeLeftovers(options.path);
    }),
    TE.chain(() => git(fetchArgs(options, refspec))),
    TE.map(() => undefined),
  );
  return pipe(
    once,
    TE.orElse((failure): Answer<void> => {
      const format = otherObjectFormat(failure);
      if (O.isNone(format)) return TE.left(failure);
      return pipe(
        disk.discard,
        TE.chain(() => disk.make(format.value)),
        TE.chain(() => once),
      );
    }),
  );
};

// Progress, because a command that says nothing for long is ended, and the first fetch of a large history takes long.
// History may be cut off where it comes from; what was cut off later is fetched all the same.
const fetchArgs = ({ url }: CloneOptions, refspec: string): readonly string[] => [
  'fetch',
  '--progress',
  '--no-tags',
  '--no-auto-gc',
  '--no-write-fetch-head',
  '--no-show-forced-updates',
  '--no-recurse-submodules',
  '--update-shallow',
  '--',
  url,
  refspec,
];

/** Locks, and packs that were never finished: each can be as large as the repository. */
const removeLeftovers = (path: string): void => {
  remove(path, (name) => name.endsWith('.lock') || name === 'packed-refs.new' || name === 'gc.pid');
  remove(join(path, 'refs', 'holdfast'), (name) => name.endsWith('.lock'));
  remove(join(path, 'objects', 'info'), (name) => name.endsWith('.lock'));
  remove(join(path, 'objects', 'info', 'commit-graphs'), (name) => name.endsWith('.lock'));
  remove(join(path, 'objects', 'pack'), (name) => /^\.?tmp[-_]|\.lock$/.test(name));
};

const remove = (folder: string, isLeftover: (name: string) => boolean): void => {
  for (const name of list(folder)) if (isLeftover(name)) rmSync(join(folder, name), { force: true });
};

const list = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    // What is not there has nothing in it; what cannot be read is told by git.
    return [];
  }
};

const asVoid = (answer: Answer<unknown>): Answer<void> =>
  pipe(
    answer,
    TE.map(() => undefined),
  );
