/** `holdfast status`: where every conference stands, from the ledger alone. */
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { statusOf } from '../plan/status.js';
import { statusTextPieces } from '../render/status.js';
import { statusJsonPieces } from '../render/status-json.js';
import { reportFormats } from './choices.js';
import { commonConfig, formatConfig, switchConfig, together, type CommonConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { loadLedger } from './plan-input.js';
import { watchStatus } from './status-watch.js';

interface StatusConfig {
  readonly common: CommonConfig;
  readonly format: 'text' | 'json';
  readonly full: boolean;
  readonly watch: boolean;
}

export const status =
  (flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(defaultDirectory, flags, context),
      TE.chainEitherK((layers) =>
        asUsage(
          together({
            common: commonConfig(layers),
            format: formatConfig(layers, reportFormats, 'text'),
            full: switchConfig(layers, 'full'),
            watch: switchConfig({ ...layers, file: new Map() }, 'watch'),
          }),
        ),
      ),
      TE.chain((config) => (config.watch ? watched(config, context) : shown(config, context))),
    );

const shown = (
  { common, format, full }: StatusConfig,
  { terminal }: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  pipe(
    loadLedger(common.state),
    TE.map((stored) => statusOf(stored, common)),
    TE.chainTaskK((seen) =>
      terminal.outAll(
        format === 'json' ? statusJsonPieces(seen) : statusTextPieces(seen, terminal.outColors, full),
      ),
    ),
    TE.map(() => exitCodes.done),
  );

const watched = (
  { common, format }: StatusConfig,
  context: Context,
): TE.TaskEither<CommandError, ExitCode> =>
  format === 'json' || O.isNone(context.terminal.outRows())
    ? TE.left({
        _tag: 'Usage',
        messages: [
          '--watch draws on a terminal: leave it out for a script, and use `--format json`, or /status of the daemon',
        ],
      })
    : TE.fromTask(
        watchStatus(
          pipe(
            loadLedger(common.state),
            TE.map((stored) => statusOf(stored, common)),
          ),
          context,
        ),
      );
