/** `holdfast history`: what was called and how it ended, from the ledger alone. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { ConferenceId } from '../conference/id.js';
import { quote } from '../desired/hide-secrets.js';
import { openForReading } from '../ledger/open-store.js';
import type { HistoryQuery, LedgerError, ReadableStore } from '../ledger/store.js';
import { historyOf, queryFor, type History } from '../plan/history.js';
import { historyTextPieces } from '../render/history.js';
import { historyJsonPieces } from '../render/history-json.js';
import { reportFormats } from './choices.js';
import {
  commonConfig,
  formatConfig,
  numberFlag,
  parsedFlag,
  together,
  type CommonConfig,
  type Layers,
  type Problems,
} from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { parseSince } from './since.js';

interface HistoryConfig {
  readonly common: CommonConfig;
  readonly format: 'text' | 'json';
  readonly conference: O.Option<ConferenceId>;
  readonly sinceMs: O.Option<number>;
  readonly limit: number;
}

export const history =
  (conference: string | undefined, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(defaultDirectory, flags, context),
      TE.chainEitherK((layers) => asUsage(historyConfig(conference, layers, context.clock.now()))),
      TE.chain((config) =>
        pipe(
          loadHistory(config),
          TE.chainTaskK((told) => show(told, config, context)),
        ),
      ),
    );

const historyConfig = (
  conference: string | undefined,
  layers: Layers,
  nowMs: number,
): E.Either<Problems, HistoryConfig> =>
  together({
    common: commonConfig(layers),
    format: formatConfig(layers, reportFormats, 'text'),
    conference: conferenceIn(conference),
    sinceMs: parsedFlag<O.Option<number>>(layers, 'since', parseSince(nowMs), O.none),
    limit: numberFlag(layers, 'limit', { min: 1, max: 1_000_000 }, 100),
  });

const conferenceIn = (text: string | undefined): E.Either<Problems, O.Option<ConferenceId>> =>
  text === undefined
    ? E.right(O.none)
    : pipe(
        ConferenceId.decode(text),
        E.bimap(
          () => [`${quote(text)} is no id of a conference: write one as \`holdfast status\` shows it`],
          O.some,
        ),
      );

/** Without taking the ledger from whoever writes. */
const loadHistory = ({ common, ...asked }: HistoryConfig): TE.TaskEither<CommandError, History> =>
  pipe(
    openForReading(common.state),
    TE.chain((store) =>
      pipe(
        readHistory(store, asked),
        TE.chainFirstTaskK(() => store.close),
      ),
    ),
    TE.mapLeft((error): CommandError => ({ _tag: 'State', error })),
  );

const readHistory = (
  { loadSome, history, forced }: ReadableStore,
  { conference, sinceMs, limit }: HistoryQuery,
): TE.TaskEither<LedgerError, History> => {
  const asked = { conference, sinceMs, limit };
  const query = queryFor(asked);
  return pipe(
    TE.Do,
    TE.bind('calls', () => history(query)),
    TE.bind('forced', () => forced(query)),
    // Whose names are shown.
    TE.bind('stored', ({ calls }) => loadSome([...new Set(calls.map((call) => call.conference))])),
    TE.map(({ calls, forced, stored }) => historyOf(asked, calls, forced, stored)),
  );
};

const show =
  (told: History, { format }: HistoryConfig, { terminal }: Context): Task<ExitCode> =>
  async () => {
    const pieces = format === 'json' ? historyJsonPieces(told) : historyTextPieces(told, terminal.outColors);
    await terminal.outAll(pieces)();
    return exitCodes.done;
  };
