/** The known word that somebody who wrote another one most likely meant. */
import { distance } from 'fastest-levenshtein';
import * as O from 'fp-ts/lib/Option.js';

/** Case and separators do not count: `callback_URL` is `callbackUrl`. */
export const didYouMean = (word: string, known: readonly string[]): O.Option<string> => {
  if (word.length > longestWord) return O.none;
  const ranked = known
    .map((candidate) => ({ candidate, apart: editsBetween(fold(word), fold(candidate)) }))
    .filter(({ candidate, apart }) => apart <= allowance(word, candidate))
    .sort((left, right) => left.apart - right.apart);
  return O.fromNullable(ranked[0]?.candidate);
};

/** Comparing costs the product of the lengths. */
const longestWord = 64;

const fold = (word: string): string => word.toLowerCase().replace(/[\s_-]/g, '');

/** Letters in the wrong order are one slip, not two. */
const editsBetween = (left: string, right: string): number =>
  Math.min(distance(left, right), sorted(left) === sorted(right) && left !== right ? 1 : Infinity);

const sorted = (word: string): string => Array.from(word).sort().join('');

/** Edits that still make it a slip: a third of the longer word, at least one. */
const allowance = (word: string, candidate: string): number =>
  Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
