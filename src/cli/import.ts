/** `holdfast import`: a manifest of conferences that are there, by one GET each. Changes nothing. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Live } from '../catapult/catapult.js';
import { ConferenceId } from '../conference/id.js';
import { maskPasswords } from '../conference/url.js';
import { quote } from '../desired/hide-secrets.js';
import { count } from '../render/duration.js';
import { manifestText, type ManifestText } from '../render/manifest-text.js';
import { createFile, mayBeNew } from '../source/new-file.js';
import { shownPath } from '../source/scan-problems.js';
import { accountOf } from './account.js';
import { commonConfig, together, type CommonConfig, type Layers, type Problems } from './config.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { makeHideGiven } from './given-secrets.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { loadLedger } from './plan-input.js';
import { readLive } from './read-live.js';

interface ImportConfig {
  readonly common: CommonConfig;
  readonly out: O.Option<string>;
}

export const importConferences =
  (words: readonly string[], flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      TE.fromEither(conferencesIn(words)),
      TE.bindTo('conferences'),
      TE.bind('layers', () => readLayers(defaultDirectory, flags, context)),
      TE.bind('config', ({ layers }) => TE.fromEither(asUsage(importConfig(layers)))),
      TE.chainFirst(({ config }) => refuseTaken(config.out)),
      TE.bind('live', ({ conferences, config }) => readAll(conferences, config.common, context)),
      TE.chainTaskK(
        ({ conferences, config, live }) =>
          () =>
            give(conferences, live, config.out, context),
      ),
    );

/** Each once. Every word that is no id is told. */
const conferencesIn = (words: readonly string[]): E.Either<CommandError, readonly ConferenceId[]> => {
  const wrong = words.filter((word) => !ConferenceId.is(word));
  return wrong.length > 0
    ? E.left(usage(...wrong.map((word) => `${quote(word)} is no conference id`)))
    : E.right([...new Set(words.filter(ConferenceId.is))]);
};

const importConfig = (layers: Layers): E.Either<Problems, ImportConfig> => {
  const { out } = layers.flags;
  return together({
    common: commonConfig(layers),
    out: E.right(typeof out === 'string' ? O.some(out) : O.none),
  });
};

/** Before the first call. */
const refuseTaken = (out: O.Option<string>): TE.TaskEither<CommandError, void> =>
  O.isNone(out)
    ? TE.right(undefined)
    : pipe(
        mayBeNew(out.value),
        TE.mapLeft((why) => usage(`--out ${shownPath(out.value, '')}: ${why}; name a new file`)),
      );

const readAll = (conferences: readonly ConferenceId[], common: CommonConfig, context: Context) =>
  pipe(
    TE.fromEither(accountOf(common, context.env)),
    TE.bindTo('account'),
    TE.bind('stored', () => loadLedger(common.state)),
    TE.chain(({ account, stored }) => readLive(conferences, stored.facts, account, common, context)),
  );

const give = async (
  conferences: readonly ConferenceId[],
  live: ReadonlyMap<ConferenceId, Live>,
  out: O.Option<string>,
  context: Context,
): Promise<ExitCode> => {
  const read = conferences.flatMap((id) => {
    const found = live.get(id);
    return found === undefined ? [] : [{ id, live: found }];
  });
  if (read.length === 0) return exitCodes.failed;
  const manifest = manifestText(read, makeIsSecret(context));
  const isWritten = await write(manifest, out, context);
  tell(manifest, read.length, isWritten ? out : O.none, context);
  return isWritten && read.length === conferences.length ? exitCodes.done : exitCodes.failed;
};

/** What any output would hide would not be what it was. */
const makeIsSecret = ({ env }: Context): ((text: string) => boolean) => {
  const hide = makeHideGiven(env);
  return (text) => hide(maskPasswords(text)) !== text;
};

/** What cannot be written to the file goes to standard output: it took a call for each conference. */
const write = async (
  { text }: ManifestText,
  out: O.Option<string>,
  { terminal, process }: Context,
): Promise<boolean> => {
  const written = O.isSome(out) ? await createFile(out.value, text, process.pid)() : E.left('');
  if (E.isRight(written)) return true;
  if (O.isSome(out))
    terminal.err(
      `${terminal.errColors.red('error')}: ${shownPath(out.value, '')} cannot be written: ${written.left}\n`,
    );
  terminal.out(text);
  return O.isNone(out);
};

const tell = (
  { remarks }: ManifestText,
  read: number,
  out: O.Option<string>,
  { terminal }: Context,
): void => {
  for (const remark of remarks) terminal.err(`${terminal.errColors.yellow('warning')}: ${remark}\n`);
  const where = O.isSome(out) ? `written to ${shownPath(out.value, '')}` : 'written to standard output';
  terminal.err(`\n${count(read, 'conference')} ${where}. ${nextStep}\n`);
};

const nextStep = `Next: look through it, keep it among your manifests, run \`holdfast plan\`.
The first apply sends these settings once more, which changes nothing.`;
