/** The person or script at the other end. Bound to the process in `process.ts`. */
import type { IO } from 'fp-ts/lib/IO.js';
import type * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { Colors } from 'picocolors/types.js';
import type { ExitCode } from './exit.js';

export interface Terminal {
  readonly out: (text: string) => void;
  /**
   * The same for a text of any length, which is made only as fast as it is read. Resolves when all of it is written, or
   * when nobody reads any more; what is not read then is not made.
   */
  readonly outAll: (pieces: Iterable<string>) => Task<void>;
  readonly err: (text: string) => void;
  /** All of standard input. Rejects when it cannot be read. */
  readonly input: Task<Uint8Array>;
  /** To standard output with nothing hidden: what came from standard input goes back whole. */
  readonly giveBack: (text: string) => void;
  /** Colours where they are wanted, of standard output and of standard error. */
  readonly outColors: Colors;
  readonly errColors: Colors;
  /** Whether somebody can see standard error and rewrite its last line. */
  readonly errIsTerminal: boolean;
  /** Lines of the screen that shows standard output; none: nobody looks at it. */
  readonly outRows: IO<O.Option<number>>;
  /** Whether somebody can be asked. */
  readonly interactive: boolean;
  readonly ask: (question: string) => Task<Answer>;
  /**
   * Runs for the first SIGINT or SIGTERM; returns what takes it back. From then on the process ends with `late`
   * after 5 s, or at once when it is told a second time.
   */
  readonly onSignal: (handler: (signal: string) => void, late: ExitCode) => IO<void>;
  /** Runs for every SIGHUP; returns what takes it back. Without, a SIGHUP ends the process. */
  readonly onReload: (handler: IO<void>) => IO<void>;
}

export type Answer =
  | { readonly _tag: 'Said'; readonly text: string }
  /** The input ended without an answer. */
  | { readonly _tag: 'Ended' }
  /** Ctrl-C. */
  | { readonly _tag: 'Interrupted' };
