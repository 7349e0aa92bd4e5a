/** `holdfast status`: where every conference stands, from the ledger alone. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { statusOf } from '../plan/status.js';
import { statusJsonText, statusText } from '../render/status.js';
import { commonConfig, formatConfig, together } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, defaultDirectory, readLayers, type Flags } from './layers.js';
import { loadLedger } from './plan.js';

export const status =
  (flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(defaultDirectory, flags, context),
      TE.chainEitherK((layers) =>
        asUsage(
          together({
            common: commonConfig(layers),
            format: formatConfig<'text' | 'json'>(layers, ['text', 'json'], 'text'),
          }),
        ),
      ),
      TE.chain(({ common, format }) =>
        pipe(
          loadLedger(common.state),
          TE.map((stored): ExitCode => {
            const { out, outColors } = context.terminal;
            const seen = statusOf(stored, common);
            out(
              format === 'json' ? statusJsonText(seen) : statusText(seen, outColors, { rate: common.rate }),
            );
            return exitCodes.done;
          }),
        ),
      ),
    );
