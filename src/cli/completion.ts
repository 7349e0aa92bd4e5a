/**
 * `holdfast completion SHELL`: a script for the shell, on standard output.
 *
 * It is whole: to complete a word the shell does not start this program, which takes longer than people wait. Libraries
 * that complete for commander do start it.
 */
import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import { Assumptions } from '../catapult/assumptions.js';
import type { CommandLine } from '../render/command-line.js';
import { bashCompletion } from '../render/completion-bash.js';
import { fishCompletion } from '../render/completion-fish.js';
import { zshCompletion } from '../render/completion-zsh.js';
import { shells } from './choices.js';
import { commandLineOf } from './command-line.js';
import { oneOf } from './config.js';
import type { Context } from './context.js';
import { exitCodes, usage, type CommandError, type ExitCode } from './exit.js';

export const completion =
  (shell: string, program: Command) =>
  ({ terminal }: Context): TE.TaskEither<CommandError, ExitCode> =>
    pipe(
      oneOf(shells)(shell),
      E.mapLeft((problem) => usage(`SHELL: ${problem}`)),
      E.map((known) => {
        terminal.out(scripts[known](commandLineOf(program, { 'KEY=VALUE': assumptions })));
        return exitCodes.done;
      }),
      TE.fromEither,
    );

const scripts: Readonly<Record<(typeof shells)[number], (line: CommandLine) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const assumptions = Object.entries(Assumptions.props).flatMap(([key, { values }]) =>
  values.map((value) => `${key}=${value}`),
);
