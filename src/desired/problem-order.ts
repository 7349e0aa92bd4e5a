/** Problems in the order of their places. */
import * as Ord from 'fp-ts/lib/Ord.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as N from 'fp-ts/lib/number.js';
import * as S from 'fp-ts/lib/string.js';
import type { Problem } from './problem.js';

/** Stable: problems of one place keep their order. */
export const sortProblems = (problems: readonly Problem[]): readonly Problem[] =>
  RA.sortBy([byPath, byLine, byColumn])(problems);

const byPath: Ord.Ord<Problem> = Ord.contramap((problem: Problem) => problem.at.path)(S.Ord);
const byLine: Ord.Ord<Problem> = Ord.contramap((problem: Problem) => problem.at.line)(N.Ord);
const byColumn: Ord.Ord<Problem> = Ord.contramap((problem: Problem) => problem.at.column)(N.Ord);
