/** `holdfast status --watch`: draws the status again every second, until Ctrl-C. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Status } from '../plan/status.js';
import { statusScreen } from '../render/status.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { renderCommandError } from './render-command-error.js';

const everyMs = 1_000;
const defaultRows = 24;
/** To the top left corner, and nothing below. */
const clear = '\u001b[H\u001b[2J';

/** A state that cannot be read for a moment is told, and read again. */
export const watchStatus =
  (read: TaskEither<CommandError, Status>, { terminal, clock }: Context): Task<ExitCode> =>
  () =>
    new Promise((resolve) => {
      let cancel = (): void => undefined;
      let stopped = false;
      const draw = async (): Promise<void> => {
        const seen = await read();
        if (stopped) return;
        const rows = O.getOrElse(() => defaultRows)(terminal.outRows());
        terminal.out(
          clear +
            (E.isRight(seen)
              ? statusScreen(seen.right, terminal.outColors, rows, clock.now())
              : renderCommandError(seen.left, terminal.outColors)),
        );
        cancel = clock.after(everyMs, () => void draw());
      };
      void terminal.onSignal(() => {
        stopped = true;
        cancel();
        resolve(exitCodes.interrupted);
      }, exitCodes.interrupted);
      void draw();
    });
