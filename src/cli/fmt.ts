/**
 * `holdfast fmt`: manifests in the form that all of them are to have. The path of each file that is changed goes to
 * standard output, what is wrong with one to standard error; a file with errors stays as it is.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { brokenFile, largestManifestBytes } from '../desired/broken-file.js';
import { formatManifestBytes, type Formatted } from '../desired/format-manifest.js';
import { sortProblems } from '../desired/problem-order.js';
import type { Problem } from '../desired/problem.js';
import { renderProblemsText } from '../render/problems.js';
import { namedManifests, type NamedManifest } from '../source/named-manifests.js';
import { replaceFile } from '../source/replace-file.js';
import { readContent, type Content } from '../source/scan-file.js';
import { oversizedFile, unreadableFile, vanished } from '../source/scan-problems.js';
import type { FileStamp } from '../source/scan-stamp.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { defaultDirectory, type Flags } from './layers.js';

export const fmt =
  (paths: readonly string[], flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> => {
    const isCheck = flags['check'] === true;
    if (!paths.includes('-'))
      return formatFiles(paths.length > 0 ? paths : [defaultDirectory], isCheck, context);
    return paths.length === 1
      ? formatInput(isCheck, context)
      : TE.left(usage('- is standard input, and cannot be named beside files'));
  };

const formatFiles = (
  paths: readonly string[],
  isCheck: boolean,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  TE.fromTask(async () => {
    const { manifests, problems } = namedManifests(paths);
    const wrong = [...problems];
    let unformatted = 0;
    for (const manifest of manifests) {
      const outcome = await formatFile(manifest, isCheck, context);
      if (outcome._tag === 'Failed') wrong.push(...outcome.problems);
      if (outcome._tag !== 'Changed') continue;
      unformatted += 1;
      context.terminal.out(`${manifest.shown}\n`);
    }
    tell(wrong, context);
    return wrong.length > 0 || (isCheck && unformatted > 0) ? exitCodes.failed : exitCodes.done;
  });

type Outcome =
  | { readonly _tag: 'Unchanged' }
  /** Or is to be, where nothing is written. */
  | { readonly _tag: 'Changed' }
  | { readonly _tag: 'Failed'; readonly problems: readonly Problem[] };

const formatFile = async (manifest: NamedManifest, isCheck: boolean, context: Context): Promise<Outcome> => {
  const { path, shown } = manifest;
  const content = readContent(path);
  if (content._tag !== 'Bytes') return { _tag: 'Failed', problems: unread(shown, content) };
  const formatted = formatManifestBytes(shown, content.bytes);
  if (formatted._tag !== 'Formatted') return { _tag: 'Failed', problems: problemsOf(shown, formatted) };
  const bytes = Buffer.from(formatted.text);
  if (bytes.equals(content.bytes)) return { _tag: 'Unchanged' };
  if (bytes.length > largestManifestBytes)
    return { _tag: 'Failed', problems: notFormatted(shown, 'formatted it would be larger than 16 MiB') };
  return isCheck ? { _tag: 'Changed' } : write(manifest, bytes, content.stamp, context);
};

const write = async (
  { path, shown }: NamedManifest,
  bytes: Uint8Array,
  read: FileStamp,
  { process }: Context,
): Promise<Outcome> => {
  const written = await replaceFile(path, bytes, read, process.pid)();
  return E.isRight(written)
    ? { _tag: 'Changed' }
    : { _tag: 'Failed', problems: notFormatted(shown, `the file cannot be written: ${written.left}`) };
};

const formatInput = (isCheck: boolean, context: Context): TE.TaskEither<CommandError, ExitCode> =>
  TE.tryCatch(
    async () => {
      const bytes = await context.terminal.input();
      const formatted = formatManifestBytes(inputName, bytes);
      if (formatted._tag !== 'Formatted') {
        tell(problemsOf(inputName, formatted), context);
        return exitCodes.failed;
      }
      if (!isCheck) {
        context.terminal.giveBack(formatted.text);
        return exitCodes.done;
      }
      if (Buffer.from(formatted.text).equals(bytes)) return exitCodes.done;
      context.terminal.out(`${inputName}\n`);
      return exitCodes.failed;
    },
    (cause): CommandError => ({
      _tag: 'Environment',
      message: `standard input cannot be read: ${E.toError(cause).message}`,
    }),
  );

const inputName = '<stdin>';

const tell = (problems: readonly Problem[], { terminal }: Context): void =>
  terminal.err(renderProblemsText(sortProblems(problems), terminal.errColors));

const problemsOf = (
  shown: string,
  formatted: Exclude<Formatted, { readonly _tag: 'Formatted' }>,
): readonly Problem[] =>
  formatted._tag === 'Broken'
    ? formatted.problems
    : notFormatted(shown, 'a defect in holdfast: formatted it would mean something else; please report it');

const notFormatted = (shown: string, why: string): readonly Problem[] =>
  brokenFile(shown, 'not-formatted', why, 'it stays as it is').problems;

const unread = (shown: string, content: Exclude<Content, { readonly _tag: 'Bytes' }>): readonly Problem[] => {
  switch (content._tag) {
    case 'TooLarge':
      return oversizedFile(shown).problems;
    case 'Folder':
      return unreadableFile(shown, 'it is a directory').problems;
    case 'Vanished':
      return unreadableFile(shown, vanished).problems;
    case 'Unreadable':
      return unreadableFile(shown, content.why).problems;
  }
};
