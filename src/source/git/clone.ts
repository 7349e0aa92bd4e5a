/**
 * The daemon's own copy of a repository: bare, one branch, no work tree. It is a cache: everything in it can be
 * fetched again, and it is when it turns out to be damaged.
 *
 * The lease of the state sees to it that one process uses it.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Commit } from '../../conference/revision.js';
import { makeBlobStream } from './blob-stream.js';
import { commitFormat, readCommit } from './commit-format.js';
import type { Git } from './git-command.js';
import { damage, isMissingPath, type GitFailure } from './git-failure.js';
import { readTree, type Listed, type RawName } from './git-tree.js';
import { readLinkTargets, type LinkTarget } from './link-target.js';
import { onDisk } from './on-disk.js';
import { signatureFormat, verdictOf, type Verdict } from './signature.js';
import { upkeepWith, type Answer, type CloneOptions, type Upkeep } from './upkeep.js';

export interface Clone extends Upkeep {
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
}

export const makeClone = (options: CloneOptions): Clone => {
  const git = inClone(options);
  return { ...upkeepWith(git, options), ...questions(git, options), ...contents(git) };
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
      TE.chain((output) => TE.fromEither(readTree(output.toString('latin1')))),
      TE.map(O.some),
      TE.orElse((failure) =>
        isMissingPath(failure) ? missingFrom(git, sha, folder, failure) : TE.left(failure),
      ),
    ),
  follow: (sha, folder, links) => {
    const names = links.map((link) => inFolder(folder, link));
    const questions = names.filter(isAskable).map((name) => `${sha}:${name}\n`);
    return questions.length === 0
      ? TE.right(names.map(() => unaskable))
      : pipe(
          git(['cat-file', '--batch-check', '--follow-symlinks'], {
            input: Buffer.from(questions.join(''), 'latin1'),
          }),
          TE.map((output) => {
            const targets = readLinkTargets(output.toString('latin1'));
            let next = 0;
            return names.map((name) => (isAskable(name) ? (targets[next++] ?? unanswered) : unaskable));
          }),
        );
  },
  read: (blobs, onBlob) => {
    if (blobs.length === 0) return TE.right(undefined);
    const missing = new Set(blobs);
    const stream = makeBlobStream((blob, content) => {
      missing.delete(blob);
      onBlob(blob, content);
    });
    return pipe(
      git(['cat-file', '--batch', '--buffer'], {
        input: Buffer.from(`${blobs.join('\n')}\n`),
        onOutput: stream.take,
      }),
      TE.chain(() =>
        missing.size === 0 ? TE.right(undefined) : TE.left(damage(`missing blob ${[...missing].join(' ')}`)),
      ),
    );
  },
});

/** A question is a line. */
const isAskable = (name: RawName): boolean => !name.includes('\n');

const unaskable: LinkTarget = {
  _tag: 'Broken',
  why: 'a symbolic link whose name has a line break is not followed',
};
const unanswered: LinkTarget = { _tag: 'Broken', why: 'git does not tell where the symbolic link leads' };

/** To git, a folder that is not in the commit and a commit that is damaged look alike. */
const missingFrom = (
  git: Git['run'],
  sha: string,
  folder: string,
  failure: GitFailure,
): Answer<O.Option<never>> =>
  folder === ''
    ? TE.left(damage(failure.message))
    : pipe(
        git(['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', sha, '--', folder]),
        TE.mapLeft(({ message }) => damage(message)),
        TE.chain((output) =>
          / tree /.test(output.toString('latin1', 0, 20))
            ? TE.left(damage(failure.message))
            : TE.right(O.none),
        ),
      );

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
  'i18n.logOutputEncoding=UTF-8',
  'core.hooksPath=/dev/null',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** Or not known at all, because it is no part of the history that was fetched. */
const isNoAncestor = (failure: GitFailure): boolean =>
  O.toUndefined(failure.exitCode) === 1 || isUnknown(failure);

const isUnknown = ({ message }: GitFailure): boolean =>
  /bad object|unknown revision|bad revision|not a valid commit name/i.test(message);

/** The folder is UTF-8, the name is bytes. */
const inFolder = (folder: string, name: RawName): string =>
  folder === '' ? name : `${Buffer.from(folder, 'utf8').toString('latin1')}/${name}`;
