/**
 * All files together: what is desired, and what only shows when files are compared.
 *
 * Laws: the order of the files makes no difference; a broken file contributes no conference; a conference
 * declared in two files is desired in neither way.
 */
import * as Ord from 'fp-ts/lib/Ord.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import * as S from 'fp-ts/lib/string.js';
import type { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Declared, Desired } from './desired.js';
import { duplicateWords } from './duplicate.js';
import { excerptAt } from './excerpt.js';
import { isBroken } from './broken-file.js';
import type { ManifestFile } from './manifest.js';
import { sortProblems } from './problem-order.js';
import type { Problem } from './problem.js';
import { makeSourceText } from './source-text.js';

export interface Combined {
  /** Every conference that exactly one of the files declares that are not broken. */
  readonly desired: Desired;
  /** The conferences that several of them declare; declarations in the order of the paths. */
  readonly duplicates: ReadonlyMap<ConferenceId, readonly Declared[]>;
  /** Of all files, sorted by place. Broken files count for duplicates too, so that all is told in one run. */
  readonly problems: readonly Problem[];
}

export const combine = (files: readonly ManifestFile[]): Combined => {
  const sorted = RA.sort(byPath)(files);
  const desired = new Map<ConferenceId, Declared>();
  const duplicates = new Map<ConferenceId, Declared[]>();
  for (const file of sorted) {
    if (isBroken(file)) continue;
    for (const declared of file.declared) {
      const first = desired.get(declared.id);
      const others = duplicates.get(declared.id);
      if (others !== undefined) others.push(declared);
      else if (first !== undefined) duplicates.set(declared.id, [first, declared]);
      else desired.set(declared.id, declared);
    }
  }
  for (const id of duplicates.keys()) desired.delete(id);
  return {
    desired,
    duplicates,
    problems: sortProblems([...sorted.flatMap((file) => file.problems), ...duplicateProblems(sorted)]),
  };
};

const byPath: Ord.Ord<ManifestFile> = Ord.contramap((file: ManifestFile) => file.path)(S.Ord);

const duplicateProblems = (sorted: readonly ManifestFile[]): readonly Problem[] => {
  const first = new Map<ConferenceId, Place>();
  return sorted.flatMap((file) => {
    const again = idsOf(file).flatMap(({ id, at }) => {
      const other = first.get(id);
      if (other === undefined) first.set(id, at);
      return other === undefined ? [] : [{ id, at, other }];
    });
    return again.length === 0 ? [] : tellDuplicates(file, again);
  });
};

interface Again {
  readonly id: ConferenceId;
  readonly at: Place;
  readonly other: Place;
}

const idsOf = ({
  seen,
  declared,
}: ManifestFile): readonly { readonly id: ConferenceId; readonly at: Place }[] =>
  seen === undefined ? declared : seen.ids;

const tellDuplicates = ({ path, seen }: ManifestFile, again: readonly Again[]): readonly Problem[] => {
  const source = makeSourceText(path, seen?.text ?? '');
  return again.map(({ id, at, other }): Problem => {
    const problem = {
      at,
      severity: 'error',
      rule: 'duplicate-conference',
      ...duplicateWords(id, other),
    } as const;
    return seen === undefined ? problem : { ...problem, excerpt: excerptAt(source, at, id.length) };
  });
};
