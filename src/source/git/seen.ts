/** What is known of the branch, from one fetch to the next. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import type { Commit } from '../../conference/revision.js';
import type { ManifestFile } from '../../desired/manifest.js';
import type { Problem } from '../../desired/problem.js';
import type { Observation, Obstacle } from '../observation.js';

export interface Seen {
  /** The commit that was in force before the process began; none: there was none. */
  readonly inForce: O.Option<string>;
  /** The last good commit; none: none was read yet. */
  readonly taken: O.Option<Taken>;
  /** What was found last is not taken. */
  readonly refused: O.Option<Refused>;
  /** Why the repository could not be looked at. */
  readonly failure: O.Option<string>;
}

export interface Taken {
  readonly commit: Commit;
  readonly folder: string;
  readonly files: readonly ManifestFile[];
}

export type Refused =
  | { readonly _tag: 'Invalid'; readonly commit: Commit; readonly problems: readonly Problem[] }
  | { readonly _tag: 'Unsigned'; readonly commit: Commit; readonly message: string }
  | { readonly _tag: 'Rewound'; readonly commit: Commit; readonly message: string }
  | { readonly _tag: 'NoBranch' };

/** Of the tip of the branch. */
export type Verdict =
  | { readonly _tag: 'Taken'; readonly taken: Taken }
  /** It was judged before. */
  | { readonly _tag: 'Same' }
  | { readonly _tag: 'Refused'; readonly refused: Refused };

export const nothingSeen = (inForce: O.Option<string>): Seen => ({
  inForce,
  taken: O.none,
  refused: O.none,
  failure: O.none,
});

/** none: what was in force is not in the clone any more, or is not valid any more. */
export const startedWith = (seen: Seen, taken: O.Option<Taken>): Seen =>
  O.isSome(taken) ? { ...seen, taken } : seen;

/** Law: what changes nothing gives the very same value. */
export const sawVerdict = (seen: Seen, verdict: Verdict): Seen => {
  switch (verdict._tag) {
    case 'Same':
      return O.isNone(seen.failure) ? seen : { ...seen, failure: O.none };
    case 'Taken':
      return {
        inForce: O.some(verdict.taken.commit.sha),
        taken: O.some(verdict.taken),
        refused: O.none,
        failure: O.none,
      };
    case 'Refused':
      return { ...seen, refused: O.some(verdict.refused), failure: O.none };
  }
};

export const sawNoBranch = (seen: Seen): Seen =>
  sawVerdict(
    seen,
    O.exists(({ _tag }: Refused) => _tag === 'NoBranch')(seen.refused)
      ? { _tag: 'Same' }
      : { _tag: 'Refused', refused: { _tag: 'NoBranch' } },
  );

export const sawFailure = (seen: Seen, message: string): Seen =>
  O.toUndefined(seen.failure) === message ? seen : { ...seen, failure: O.some(message) };

export const observationOf = ({ taken, refused, failure }: Seen): Observation => {
  const obstacles = [
    ...(O.isSome(refused) ? obstaclesOf(refused.value) : []),
    ...(O.isSome(failure) ? [{ kind: 'unfetched' as const, message: failure.value, commit: O.none }] : []),
  ];
  const problems = O.isSome(refused) ? problemsOf(refused.value) : [];
  if (O.isNone(taken))
    return { revision: '', commit: O.none, files: [], problems, complete: false, isFinal: true, obstacles };
  const { commit, files } = taken.value;
  return {
    revision: commit.sha,
    commit: O.some(commit),
    files,
    problems,
    complete: true,
    isFinal: true,
    obstacles,
  };
};

const problemsOf = (refused: Refused): readonly Problem[] =>
  refused._tag === 'Invalid'
    ? refused.problems.map((problem) => ({ ...problem, commit: refused.commit }))
    : [];

const obstaclesOf = (refused: Refused): readonly Obstacle[] => {
  switch (refused._tag) {
    case 'Invalid':
      return [];
    case 'Unsigned':
      return [{ kind: 'unsigned', message: refused.message, commit: O.some(refused.commit) }];
    case 'Rewound':
      return [{ kind: 'rewound', message: refused.message, commit: O.some(refused.commit) }];
    case 'NoBranch':
      return [{ kind: 'rewound', message: 'the repository has no such branch', commit: O.none }];
  }
};
