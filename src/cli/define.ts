/** What the definitions of commands share. A command itself is a module of its own, loaded when it runs. */
import { type Command, Option } from 'commander';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Context } from './context.js';
import type { CommandError, ExitCode } from './exit.js';

export type Run = (context: Context) => TaskEither<CommandError, ExitCode>;

export type Execute = (run: Promise<Run>) => Promise<void>;

export const withCommon = (command: Command): Command =>
  command
    .option('--state <URL>', 'where the ledger is (default: sqlite:.holdfast/state.db)')
    .option('--endpoint <URL>', 'the API (default: https://api.catapult.inetwork.com)')
    .option('--user-id <ID>', 'the user id at the API')
    .option('--rate <N>', 'calls per second, or unlimited (default: 1)')
    .option(
      '--on-remove <WHAT>',
      'what a removed conference means: release, reset or complete (default: release)',
    )
    .option('--max-complete <N>', 'refuse to complete more conferences at once (default: 5)')
    .option(
      '--max-audience <N>',
      'refuse to complete or hold a conference with more people in it: one more call each (default: off)',
    )
    .option('--log-format <FORMAT>', 'pretty or json (default: pretty at a terminal)');

export const formatOption = (formats: readonly string[]): Option =>
  new Option(
    '--format <FORMAT>',
    `${formats.slice(0, -1).join(', ')} or ${formats.at(-1) ?? ''} (default: text)`,
  );

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
