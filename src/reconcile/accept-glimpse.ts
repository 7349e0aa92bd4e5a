/**
 * What is in force after a look at a few files, where that can be told without the others: nothing is wrong, nothing
 * is held, and each of the files declares whom it declared before, without saying less of anybody. An end that is or
 * was declared takes a look at everything, because it is final and they are counted.
 *
 * Law: what this gives, `accept` gives after a look that finds the other files as they were.
 */
import * as O from 'fp-ts/lib/Option.js';
import { isDeclaredCompleted, type Declared, type Desired } from '../desired/desired.js';
import type { ManifestFile } from '../desired/manifest.js';
import { isError } from '../desired/problem.js';
import type { Accepted } from './accept.js';
import { withChanged } from './changed-map.js';
import { holdRemovals } from './hold.js';

/** none: it takes a look at everything. */
export const acceptGlimpse = (previous: Accepted, files: readonly ManifestFile[]): O.Option<Accepted> => {
  if (previous.held.length > 0 || previous.problems.some(isError)) return O.none;
  if (!files.every((file) => isPlain(previous, file))) return O.none;
  const declared = files.flatMap((file) => file.declared);
  return O.some({
    ...previous,
    desired: withChanged(previous.desired, new Map(declared.map((one) => [one.id, one]))),
    lastGood: withChanged(previous.lastGood, new Map(files.map((file) => [file.path, file.declared]))),
  });
};

const isPlain = (
  { desired, lastGood, problems }: Accepted,
  { path, declared, ...file }: ManifestFile,
): boolean =>
  file.problems.length === 0 &&
  !problems.some(({ at }) => at.path === path) &&
  lastGood.get(path)?.length === declared.length &&
  declared.every((one) => saysNoLess(desired, one));

const saysNoLess = (desired: Desired, now: Declared): boolean => {
  const before = desired.get(now.id);
  return (
    before !== undefined &&
    before.at.path === now.at.path &&
    !isDeclaredCompleted(before.settings) &&
    !isDeclaredCompleted(now.settings) &&
    holdRemovals(new Map([[now.id, before]]), new Map([[now.id, now]])).held.length === 0
  );
};
