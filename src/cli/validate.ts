/** `holdfast validate`: every problem of every file, on standard output, in the format asked for. */
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { isError } from '../desired/problem.js';
import { count } from '../render/duration.js';
import { renderProblemsGithub, renderProblemsJson, renderProblemsText } from '../render/problems.js';
import { validateFormats } from './choices.js';
import { formatConfig } from './config.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { asUsage, readLayers, type Flags } from './layers.js';
import { loadDesired, type Loaded } from './load-desired.js';
import type { Terminal } from './terminal.js';

type Format = (typeof validateFormats)[number];

export const validate =
  (directory: string, flags: Flags) =>
  (context: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      readLayers(directory, flags, context),
      TE.chainEitherK((layers) => asUsage(formatConfig(layers, validateFormats, 'text'))),
      TE.chainTaskK((format) =>
        pipe(
          loadDesired(directory),
          T.map((loaded) => report(loaded, format, context.terminal)),
        ),
      ),
    );

const report = (loaded: Loaded, format: Format, { out, outColors }: Terminal): ExitCode => {
  const { problems } = loaded;
  const valid = !problems.some(isError);
  switch (format) {
    case 'json':
      out(renderProblemsJson(problems));
      break;
    case 'github':
      out(renderProblemsGithub(problems));
      break;
    case 'text':
      out(renderProblemsText(problems, outColors));
      if (valid) out(`${count(loaded.desired.size, 'conference')} declared, no errors\n`);
      break;
  }
  return valid ? exitCodes.done : exitCodes.failed;
};
