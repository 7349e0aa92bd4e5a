/**
 * The daemon's own copy of a repository: bare, one branch, no work tree. It is a cache: everything in it can be
 * fetched again, and it is when it turns out to be damaged.
 *
 * The lease of the state sees to it that one process uses it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Commit } from '../../conference/revision.js';
import { makeBlobStream } from './blob-stream.js';
import { commitFormat, readCommit } from './commit-format.js';
import type { Git } from './git-command.js';
import { isMissingBranch, isMissingPath, type GitFailure } from './git-failure.js';
import { readTree, type Listed, type RawName } from './git-tree.js';
import { readLinkTargets, type LinkTarget } from './link-target.js';
import { signatureFormat, verdictOf, type Verdict } from './signature.js';

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

type Answer<A> = TE.TaskEither<GitFailure, A>;

export interface Clone {
  /** Makes it, or makes it usable again after a process that was killed. */
  readonly prepare: Answer<void>;
  /** The tip of the branch; none: there is no such branch. */
  readonly fetch: Answer<O.Option<Commit>>;
  /** none: it is not here. */
  readonly commit: (sha: string) => Answer<O.Option<Commit>>;
  readonly isAncestor: (older: string, newer: string) => Answer<boolean>;
  readonly verify: (sha: string) => Answer<Verdict>;
  /** The files below a folder; the empty path is the root. none: the commit has no such folder. */
  readonly list: (sha: string, path: string) => Answer<O.Option<Listed>>;
  /** Where links below the folder lead, in their order. */
  readonly follow: (sha: string, path: string, links: readonly RawName[]) => Answer<readonly LinkTarget[]>;
  /** Each blob once, whatever it holds. */
  readonly read: (blobs: readonly string[], onBlob: (blob: string, content: Buffer) => void) => Answer<void>;
  /** Nothing of this commit is thrown away, whatever happens to the branch. */
  readonly keep: (sha: string) => Answer<void>;
  /** false: something that belongs to it is missing or damaged. */
  readonly isSound: Answer<boolean>;
  /** Throws it away. */
  readonly discard: Answer<void>;
}

const tip = 'refs/holdfast/tip';
const kept = 'refs/holdfast/in-force';

export const makeClone = (options: CloneOptions): Clone => {
  const git = inClone(options);
  return { ...upkeep(git, options), ...questions(git, options), ...contents(git) };
};

type Upkeep = Pick<Clone, 'prepare' | 'fetch' | 'keep' | 'isSound' | 'discard'>;

const upkeep = (git: Git['run'], options: CloneOptions): Upkeep => {
  const { path } = options;
  return {
    prepare: pipe(
      onDisk(() => {
        mkdirSync(path, { recursive: true, mode: 0o700 });
        removeLocks(path);
      }),
      TE.chain(() => git(['init', '--quiet', '--bare'])),
      TE.map(() => undefined),
    ),
    fetch: pipe(
      git(fetchArgs(options)),
      TE.chain(() => git(['log', '-1', commitFormat, tip, '--'])),
      TE.map(readCommit),
      TE.orElse((failure) => (isMissingBranch(failure) ? TE.right(O.none) : TE.left(failure))),
    ),
    keep: (sha) =>
      pipe(
        git(['update-ref', kept, sha]),
        TE.map(() => undefined),
      ),
    isSound: pipe(
      git(['fsck', '--connectivity-only', '--no-dangling', '--no-progress']),
      TE.map(() => true),
      TE.orElse((failure) => (O.isSome(failure.exitCode) ? TE.right(false) : TE.left(failure))),
    ),
    discard: onDisk(() => {
      rmSync(path, { recursive: true, force: true });
    }),
  };
};

type Questions = Pick<Clone, 'commit' | 'isAncestor' | 'verify'>;

const questions = (git: Git['run'], options: CloneOptions): Questions => ({
  commit: (sha) =>
    pipe(
      git(['log', '-1', commitFormat, sha, '--']),
      TE.map(readCommit),
      TE.orElse((failure) => (isUnknown(failure) ? TE.right(O.none) : TE.left(failure))),
    ),
  isAncestor: (older, newer) =>
    pipe(
      git(['merge-base', '--is-ancestor', older, newer]),
      TE.map(() => true),
      TE.orElse((failure) => (isNoAncestor(failure) ? TE.right(false) : TE.left(failure))),
    ),
  verify: (sha) =>
    pipe(
      readSigners(options),
      TE.chain((signers) =>
        pipe(
          git([...signersArgs(options), 'log', '-1', signatureFormat, sha, '--']),
          TE.map((output) => verdictOf(output.toString('utf8'), signers)),
        ),
      ),
    ),
});

type Contents = Pick<Clone, 'list' | 'follow' | 'read'>;

const contents = (git: Git['run']): Contents => ({
  list: (sha, folder) =>
    pipe(
      git(['ls-tree', '-r', '-l', '-z', '--full-tree', `${sha}:${folder}`]),
      TE.map((output) => O.some(readTree(output.toString('latin1')))),
      TE.orElse((failure) => (isMissingPath(failure) ? TE.right(O.none) : TE.left(failure))),
    ),
  follow: (sha, folder, links) => {
    const questions = links.map((link) => `${sha}:${inFolder(folder, link)}\n`).join('');
    return links.length === 0
      ? TE.right([])
      : pipe(
          git(['cat-file', '--batch-check', '--follow-symlinks'], {
            input: Buffer.from(questions, 'latin1'),
          }),
          TE.map((output) => readLinkTargets(output.toString('latin1'))),
        );
  },
  read: (blobs, onBlob) =>
    blobs.length === 0
      ? TE.right(undefined)
      : pipe(
          git(['cat-file', '--batch'], {
            input: Buffer.from(`${blobs.join('\n')}\n`),
            onOutput: makeBlobStream(onBlob).take,
          }),
          TE.map(() => undefined),
        ),
});

/** Anew every time: whoever adds a signer need not start anything again. */
const readSigners = ({ allowedSigners }: CloneOptions): Answer<O.Option<string>> =>
  O.isNone(allowedSigners)
    ? TE.right(O.none)
    : onDisk(() => O.some(readFileSync(allowedSigners.value, 'utf8')));

const signersArgs = ({ allowedSigners }: CloneOptions): readonly string[] =>
  O.isNone(allowedSigners) ? [] : ['-c', `gpg.ssh.allowedSignersFile=${resolve(allowedSigners.value)}`];

/** Git in the clone; what a person has configured for his own use must not change what it prints. */
const inClone =
  ({ git, path }: CloneOptions): Git['run'] =>
  (args, gitOptions) =>
    git.run([`--git-dir=${path}`, ...quiet, ...args], gitOptions);

const quiet = [
  'log.showSignature=false',
  'gc.autoDetach=false',
  'core.hooksPath=/dev/null',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

// History may be cut off where it comes from; what was cut off later is fetched all the same.
const fetchArgs = ({ url, branch }: CloneOptions): readonly string[] => [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--update-shallow',
  '--',
  url,
  `+${O.isSome(branch) ? `refs/heads/${branch.value}` : 'HEAD'}:${tip}`,
];

/** Or not known at all, because it is no part of the history that was fetched. */
const isNoAncestor = (failure: GitFailure): boolean =>
  O.toUndefined(failure.exitCode) === 1 || isUnknown(failure);

const isUnknown = ({ message }: GitFailure): boolean =>
  /bad object|unknown revision|bad revision|not a valid commit name/i.test(message);

/** The folder is UTF-8, the name is bytes. */
const inFolder = (folder: string, name: RawName): string =>
  folder === '' ? name : `${Buffer.from(folder, 'utf8').toString('latin1')}/${name}`;

/** Left behind by a git that was killed; nobody else works here. */
const removeLocks = (path: string): void => {
  for (const name of readdirSync(path)) if (name.endsWith('.lock')) rmSync(join(path, name), { force: true });
  for (const name of ['tip.lock', 'in-force.lock'])
    rmSync(join(path, 'refs', 'holdfast', name), { force: true });
};

const onDisk = <A>(work: () => A): Answer<A> =>
  TE.fromIOEither(() =>
    E.tryCatch(work, (error) => ({ exitCode: O.none, message: E.toError(error).message })),
  );
