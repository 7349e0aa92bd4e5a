/** `holdfast explain`: why a conference is what it is. Needs no account, and works while a daemon holds the state. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Task } from 'fp-ts/lib/Task.js';
import { pipe } from 'fp-ts/lib/function.js';
import { ConferenceId } from '../conference/id.js';
import type { Place } from '../conference/place.js';
import type { Commit, Revision } from '../conference/revision.js';
import { combine } from '../desired/combine.js';
import { didYouMean } from '../desired/did-you-mean.js';
import type { Declared, Desired } from '../desired/desired.js';
import { quote } from '../desired/hide-secrets.js';
import { readManifestBytes } from '../desired/manifest-bytes.js';
import { openForReading } from '../ledger/open-store.js';
import type { Call, RevisionInForce, Stored } from '../ledger/store.js';
import { explain as explained, type Explanation } from '../plan/explain.js';
import { explanationJsonText } from '../render/explain-json.js';
import { explanationText } from '../render/explain.js';
import { isCommitName } from '../source/git/commit-format.js';
import { authorsInCommit, authorsInWorkTree, fileInCommit } from '../source/git/authorship.js';
import { makeGit, type Git } from '../source/git/git-command.js';
import { clonePathFor } from './clone-path.js';
import { reportFormats } from './choices.js';
import {
  commonConfig,
  formatConfig,
  together,
  type CommonConfig,
  type Layers,
  type Problems,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { loadByIndex } from './indexed-load.js';
import { loadDesired } from './load-desired.js';
import { loadLedger } from './plan-input.js';

interface ExplainConfig {
  readonly common: CommonConfig;
  readonly format: 'text' | 'json';
}

export const explain =
  (conference: string, directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(explainConfig(layers))),
      TE.bindTo('config'),
      TE.bind('id', () => TE.fromEither(idOf(conference))),
      TE.bind('ledger', ({ config, id }) => readLedger(id, config.common)),
      TE.bind('found', ({ config, id, ledger }) =>
        TE.fromTask(declarationsFor(id, directory, ledger.stored, config.common, context)),
      ),
      TE.chain(({ config, id, ledger, found }) => {
        const explanation = explained(id, {
          ...found,
          ...ledger,
          rules: { ...config.common, removals: 'count', heal: false },
        });
        return O.isSome(explanation)
          ? TE.right(show(explanation.value, config, context))
          : pipe(
              loadLedger(config.common.state),
              TE.chain((stored) => TE.left(unknown(id, stored, found.desired))),
            );
      }),
    );

const explainConfig = (layers: Layers): E.Either<Problems, ExplainConfig> =>
  together({
    common: commonConfig(layers),
    format: formatConfig(layers, reportFormats, 'text'),
  });

const idOf = (text: string): E.Either<CommandError, ConferenceId> =>
  ConferenceId.is(text)
    ? E.right(text)
    : E.left(usage(`${quote(text)} is no id of a conference: write it as it stands in the manifest`));

interface KnownToLedger {
  readonly stored: Stored;
  readonly calls: readonly Call[];
}

/** A setting that was carried by none of these was applied long ago. */
const readCalls = 1_000;

const readLedger = (
  conference: ConferenceId,
  { state }: CommonConfig,
): TE.TaskEither<CommandError, KnownToLedger> =>
  pipe(
    openForReading(state),
    TE.chain((store) =>
      pipe(
        TE.Do,
        TE.bind('stored', () => store.loadSome([conference])),
        TE.bind('calls', () =>
          store.history({ conference: O.some(conference), sinceMs: O.none, limit: readCalls }),
        ),
        (read) =>
          TE.bracket(
            TE.right(store),
            () => read,
            ({ close }) => TE.fromTask(close),
          ),
      ),
    ),
    TE.mapLeft((error): CommandError => ({ _tag: 'State', error })),
  );

interface Declarations {
  readonly revision: Revision;
  readonly desired: Desired;
  readonly writtenBy: (at: Place) => O.Option<Commit>;
}

/** From the commit that is in force, where a repository is watched; from the directory otherwise. */
const declarationsFor =
  (
    conference: ConferenceId,
    directory: string,
    { facts, records }: Stored,
    common: CommonConfig,
    context: Context,
  ): Task<Declarations> =>
  async () => {
    const git = makeGit(context.env);
    const { revision } = facts;
    const snapshot = records.get(conference)?.declared ?? O.none;
    if (O.isSome(revision) && isCommitName(revision.value.revision)) {
      const path = O.isSome(snapshot) ? snapshot.value.at.path : '';
      const found = await inForce(revision.value, path, clonePathFor(common.state), git)();
      if (O.isSome(found)) return withAuthors(conference, found.value);
    }
    const known = await loadByIndex(directory, common.state, context)();
    // What is invalid is explained as far as it can be read.
    const { desired, ...loaded } = E.isRight(known) ? known.right : await loadDesired(directory)();
    return withAuthors(conference, {
      revision: loaded,
      desired,
      authors: (path, lines) => authorsInWorkTree(git, path, lines),
    });
  };

interface Found {
  readonly revision: Revision;
  readonly desired: Desired;
  readonly authors: (path: string, lines: readonly number[]) => Task<ReadonlyMap<number, Commit>>;
}

/** none: the clone does not have that commit. A file that is not in it declares nothing. */
const inForce = (revision: RevisionInForce, path: string, clone: string, git: Git): Task<O.Option<Found>> =>
  pipe(
    fileInCommit(git, clone, revision.revision, path),
    TE.match(
      () => O.none,
      (file) => {
        const manifests = O.isSome(file) ? [readManifestBytes(path, file.value.content)] : [];
        return O.some({
          revision,
          desired: combine(manifests).desired,
          authors: (_path: string, lines: readonly number[]) =>
            O.isSome(file)
              ? authorsInCommit(git, clone, revision.revision, file.value.name, lines)
              : () => Promise.resolve(new Map<number, Commit>()),
        });
      },
    ),
  );

const withAuthors = async (
  conference: ConferenceId,
  { revision, desired, authors }: Found,
): Promise<Declarations> => {
  const declared = desired.get(conference);
  const places = declared === undefined ? [] : placesOf(declared);
  const lines = [...new Set(places.map(({ line }) => line))];
  const written =
    declared === undefined ? new Map<number, Commit>() : await authors(declared.at.path, lines)();
  return {
    revision,
    desired,
    writtenBy: ({ line }) => O.fromNullable(written.get(line)),
  };
};

/** All in one file: nothing of a conference stands anywhere else. */
const placesOf = ({ at, settings }: Declared): readonly Place[] => [
  at,
  ...Object.values(settings).map((setting) => setting.at),
];

const unknown = (conference: ConferenceId, { records }: Stored, desired: Desired): CommandError => {
  const nearest = didYouMean(conference, [...records.keys(), ...desired.keys()]);
  const hint = O.isSome(nearest)
    ? `did you mean ${nearest.value}?`
    : '`holdfast status` lists those that are known';
  return usage(`${conference} is neither declared nor known to the ledger: ${hint}`);
};

const show = (explanation: Explanation, { format }: ExplainConfig, { terminal }: Context): ExitCode => {
  terminal.out(
    format === 'json' ? explanationJsonText(explanation) : explanationText(explanation, terminal.outColors),
  );
  return exitCodes.done;
};
