/**
 * Everything that is declared, by an index beside the state: files that have not changed are not parsed.
 *
 * Law: what is loaded is what `loadValid` loads.
 */
import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { combine } from '../desired/combine.js';
import { isError } from '../desired/problem.js';
import type { StateLocation } from '../ledger/sqlite-location.js';
import { everythingIn, type WholeIndex } from '../source/index-content.js';
import { openIndex } from '../source/index-file.js';
import type { Index } from '../source/index-format.js';
import { lookWithIndex, type IndexLook, type Keep } from '../source/index-look.js';
import { toObservation } from '../source/to-observation.js';
import type { Context } from './context.js';
import type { CommandError } from './exit.js';
import type { Loaded } from './load-desired.js';

/** Reads the index and leaves it as it is. */
export const loadByIndex =
  (
    directory: string,
    state: StateLocation,
    { version, clock }: Context,
  ): TE.TaskEither<CommandError, Loaded> =>
  () =>
    withIndex(indexBeside(state), version, async (index, keep) => {
      const look = await lookWithIndex(directory, index, clock.now, keep);
      return loadSeen(look, index, wholeOf(index));
    });

export const indexBeside = ({ path }: StateLocation): string => `${resolve(path)}.index`;

/** `work` is done once more, with less to go by, when it answers undefined: it cannot tell. */
export const withIndex = async <A>(
  path: string,
  version: string,
  work: (index: Index | undefined, keep: Keep) => Promise<E.Either<CommandError, A> | undefined>,
): Promise<E.Either<CommandError, A>> => {
  const { index, close } = openIndex(path, version);
  try {
    const found = index === undefined ? undefined : await work(index, 'all');
    return found ?? (await work(undefined, 'brief')) ?? (await work(undefined, 'all')) ?? E.left(changing);
  } finally {
    close();
  }
};

/** Cannot be: where all is kept there is nothing to doubt. */
const changing: CommandError = { _tag: 'Environment', message: 'the files change all the time' };

/** undefined: the index cannot tell. */
export const loadSeen = async (
  look: IndexLook,
  index: Index | undefined,
  whole: WholeIndex | undefined,
): Promise<E.Either<CommandError, Loaded> | undefined> => {
  const found = index !== undefined && whole === undefined ? undefined : await everythingIn(look, whole);
  if (found === undefined) return undefined;
  const { revision, commit, files, problems: ofFolders } = toObservation(look.directory, found);
  const { desired, problems: ofFiles } = combine(files);
  const problems = [...ofFolders, ...ofFiles];
  if (!problems.some(isError)) return E.right({ revision, commit, desired, problems });
  // What stands twice is quoted, and neither the index nor what is kept briefly knows the text.
  const isTwice = ofFiles.some(
    ({ rule, excerpt }) => rule === 'duplicate-conference' && excerpt === undefined,
  );
  return isTwice ? undefined : E.left({ _tag: 'Invalid', problems });
};

/** undefined: there is none, or it is damaged. */
export const wholeOf = (index: Index | undefined): WholeIndex | undefined => {
  const rest = index?.rest();
  return index === undefined || rest === undefined ? undefined : { index, rest };
};
