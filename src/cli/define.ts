/** What the definitions of commands share. A command itself is a module of its own, loaded when it runs. */
import { type Command, Option } from 'commander';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { logFormats, onRemoveWords } from './choices.js';
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
    .addOption(
      choiceOption(
        '--on-remove <WHAT>',
        'what a removed conference means: release, reset or complete (default: release)',
        onRemoveWords,
      ),
    )
    .option('--max-complete <N>', 'refuse to complete more conferences at once (default: 5)')
    .option(
      '--max-audience <N>',
      'refuse to complete or hold a conference with more people in it: one more call each (default: off)',
    )
    .addOption(
      choiceOption('--log-format <FORMAT>', 'pretty or json (default: pretty at a terminal)', logFormats),
    );

export const formatOption = (formats: readonly string[]): Option =>
  choiceOption(
    '--format <FORMAT>',
    `${formats.slice(0, -1).join(', ')} or ${formats.at(-1) ?? ''} (default: text)`,
    formats,
  );

/**
 * A flag that takes one of some words. Commander is not asked to check them: what is wrong with settings is told all
 * at once, wherever they come from (`config.ts`).
 */
export const choiceOption = (flags: string, description: string, choices: readonly string[]): Option => {
  const option = new Option(flags, description);
  option.argChoices = [...choices];
  return option;
};

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
