/** `holdfast schema`: a JSON Schema of manifests, on standard output. */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { manifestSchema } from '../desired/manifest-schema.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';

export const schema =
  () =>
  ({ terminal }: Context): TE.TaskEither<CommandError, ExitCode> => {
    terminal.out(`${JSON.stringify(manifestSchema(), undefined, 2)}\n`);
    return TE.right(exitCodes.done);
  };
