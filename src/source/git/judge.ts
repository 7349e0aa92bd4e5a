/**
 * Whether the tip of the branch is taken: it goes on from the commit in force, is signed by somebody who may, and all
 * of it is valid. Asked in this order, so that nothing is read that somebody without a right to it wrote.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Commit } from '../../conference/revision.js';
import { combine } from '../../desired/combine.js';
import type { ManifestFile } from '../../desired/manifest.js';
import { isError, type Problem } from '../../desired/problem.js';
import type { Clone } from './clone.js';
import type { GitFailure } from './git-failure.js';
import { hidingFolder, hidingSubmodule, missingFolder } from './repository-problems.js';
import type { RevisionFiles } from './revision-files.js';
import type { Refused, Seen, Taken, Verdict } from './seen.js';

export interface JudgeRules {
  readonly requireSigned: boolean;
  readonly allowRewind: boolean;
  /** Where the manifests are; none: `desired` where there is such a folder, the root otherwise. */
  readonly path: O.Option<string>;
}

export interface JudgeDeps {
  readonly clone: Pick<Clone, 'commit' | 'isAncestor' | 'verify' | 'keep'>;
  readonly files: RevisionFiles;
  readonly rules: JudgeRules;
}

export interface Judge {
  /** A commit that was taken before; none: it is gone, or it is not valid any more. */
  readonly before: (sha: string) => Answer<O.Option<Taken>>;
  readonly tip: (commit: Commit, seen: Seen) => Answer<Verdict>;
}

type Answer<A> = TE.TaskEither<GitFailure, A>;

/** Left: it is refused. */
type Checked<A> = Answer<E.Either<Refused, A>>;

export const judgeWith = (deps: JudgeDeps): Judge => ({
  before: (sha) =>
    pipe(
      deps.clone.commit(sha),
      TE.chain((commit) =>
        O.isNone(commit)
          ? TE.right(O.none)
          : pipe(readWhole(commit.value, O.none, deps), TE.map(O.fromEither)),
      ),
    ),
  tip: (commit, seen) => {
    const known = judged(commit, seen);
    if (O.isSome(known)) return TE.right(known.value);
    return pipe(
      goesOn(commit, seen, deps),
      andThen(() => isSigned(commit, deps)),
      andThen(() => readWhole(commit, seen.taken, deps)),
      TE.chainFirst((result) => (E.isRight(result) ? deps.clone.keep(commit.sha) : TE.right(undefined))),
      TE.map(toVerdict(seen)),
    );
  },
});

/** Who may sign can change without a commit; everything else stays as it was found. */
const judged = ({ sha }: Commit, { taken, refused }: Seen): O.Option<Verdict> => {
  if (O.isSome(taken) && taken.value.commit.sha === sha)
    return O.some(O.isNone(refused) ? { _tag: 'Same' } : { _tag: 'Taken', taken: taken.value });
  const isKnown = O.exists(
    (was: Refused) => (was._tag === 'Invalid' || was._tag === 'Rewound') && was.commit.sha === sha,
  )(refused);
  return isKnown ? O.some({ _tag: 'Same' }) : O.none;
};

const toVerdict =
  ({ refused }: Seen) =>
  (result: E.Either<Refused, Taken>): Verdict => {
    if (E.isRight(result)) return { _tag: 'Taken', taken: result.right };
    const isSame = O.isSome(refused) && JSON.stringify(refused.value) === JSON.stringify(result.left);
    return isSame ? { _tag: 'Same' } : { _tag: 'Refused', refused: result.left };
  };

const goesOn = (commit: Commit, { inForce }: Seen, { clone, rules }: JudgeDeps): Checked<void> => {
  if (rules.allowRewind || O.isNone(inForce)) return passed;
  return pipe(
    clone.isAncestor(inForce.value, commit.sha),
    TE.map((isAncestor) =>
      isAncestor
        ? E.right(undefined)
        : E.left<Refused>({
            _tag: 'Rewound',
            commit,
            message: `the branch does not go on from ${inForce.value.slice(0, 12)}, which is in force: push a commit that does, or start with --allow-rewind`,
          }),
    ),
  );
};

const isSigned = (commit: Commit, { clone, rules }: JudgeDeps): Checked<void> =>
  rules.requireSigned
    ? pipe(
        clone.verify(commit.sha),
        TE.map(E.mapLeft((message): Refused => ({ _tag: 'Unsigned', commit, message }))),
      )
    : passed;

/** Whole or not at all. */
const readWhole = (commit: Commit, before: O.Option<Taken>, { files, rules }: JudgeDeps): Checked<Taken> =>
  pipe(
    TE.Do,
    TE.bind('folder', () => folderOf(commit, before, files, rules)),
    TE.bind('read', ({ folder }) => files.read(commit.sha, folder)),
    TE.map(({ folder, read }): E.Either<Refused, Taken> => {
      if (O.isNone(read)) return E.left({ _tag: 'Invalid', commit, problems: [missingFolder(folder)] });
      const problems = [
        ...combine(read.value).problems.filter(isError),
        ...outOfSight(before, folder, read.value),
      ];
      return problems.length > 0
        ? E.left({ _tag: 'Invalid', commit, problems })
        : E.right({ commit, folder, files: read.value });
    }),
  );

/**
 * What was declared and is out of sight was not removed: in a submodule, whose files are not read, or outside of
 * `desired`, when a repository that had none gets that folder.
 */
const outOfSight = (
  before: O.Option<Taken>,
  folder: string,
  files: readonly ManifestFile[],
): readonly Problem[] => {
  if (O.isNone(before)) return [];
  const declared = new Set(files.flatMap((file) => file.declared.map(({ id }) => id)));
  const missing = before.value.files
    .filter((file) => file.declared.some(({ id }) => !declared.has(id)))
    .map(({ path }) => path);
  const submodules = files.filter(({ problems }) =>
    problems.some(({ rule }) => rule === 'ignored-submodule'),
  );
  const outside =
    folder === before.value.folder ? [] : missing.filter((path) => !path.startsWith(`${folder}/`));
  return [
    ...submodules
      .filter(({ path }) => missing.some((one) => one.startsWith(`${path}/`)))
      .map(({ path }) => hidingSubmodule(path)),
    ...outside.slice(0, 1).map((path) => hidingFolder(folder, path)),
  ];
};

/** What stood in `desired` has not moved to the root because the folder is gone. */
const folderOf = (
  { sha }: Commit,
  before: O.Option<Taken>,
  files: RevisionFiles,
  { path }: JudgeRules,
): Answer<string> => {
  if (O.isSome(path)) return TE.right(path.value);
  if (O.exists(({ folder }: Taken) => folder === usualFolder)(before)) return TE.right(usualFolder);
  return pipe(
    files.has(sha, usualFolder),
    TE.map((has) => (has ? usualFolder : '')),
  );
};

const usualFolder = 'desired';

const passed: Checked<void> = TE.right(E.right(undefined));

const andThen =
  <A, B>(next: (value: A) => Checked<B>) =>
  (checked: Checked<A>): Checked<B> =>
    pipe(
      checked,
      TE.chain((result) => (E.isLeft(result) ? TE.right(result) : next(result.right))),
    );
