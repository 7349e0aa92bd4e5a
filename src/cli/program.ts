/**
 * The command line: names, flags and help. What a command does is in a module of its own, loaded when it runs.
 */
import { Command, CommanderError } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import { safeJsonText } from '../render/safe-text.js';
import type { Context } from './context.js';
import { examples, type Execute, type Run } from './define.js';
import { addFmt, addImport, addSchema, addValidate } from './define-manifests.js';
import { addApply, addExplain, addHistory, addPlan, addStatus, addWatch } from './define-reconcile.js';
import { addCompletion, addSandbox } from './define-tools.js';
import { exitCodes, type ExitCode } from './exit.js';
import { renderCommandError } from './render-command-error.js';

/** Reads the arguments after the program's name, runs the command and says the exit code. Never rejects. */
export const runProgram = async (argv: readonly string[], context: Context): Promise<ExitCode> => {
  let exitCode: ExitCode = exitCodes.done;
  const execute = async (run: Promise<Run>): Promise<void> => {
    const result = await (await run)(context)();
    if (E.isLeft(result)) context.terminal.err(renderCommandError(result.left, context.terminal.errColors));
    if (E.isRight(result)) exitCode = result.right;
    else exitCode = result.left._tag === 'Stopped' ? result.left.exitCode : exitCodes.failed;
  };
  try {
    await makeProgram(argv[0], context, execute).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.failed;
    throw error;
  }
};

/** What somebody typed as a flag may be a secret: `--token=…` is shown as `--token`. */
const showable = (text: string): string =>
  safeJsonText(hideSecrets(text.replace(/(unknown option '(?:--[a-z-]{1,40}|-[a-z])?)[^]*'/i, "$1'")));

const makeProgram = (asked: string | undefined, context: Context, execute: Execute): Command => {
  const { terminal } = context;
  const program = new Command('holdfast')
    .description('Keeps telephone conferences the way git says.')
    .version(context.version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) =>
        write(`${terminal.errColors.red('error')}${showable(text).replace(/^error/, '')}`),
      getOutHasColors: () => terminal.outColors.isColorSupported,
      getErrHasColors: () => terminal.errColors.isColorSupported,
    })
    // The words that a flag takes stand in its description.
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', rootHelp);
  for (const define of definitionsFor(asked)) define(program, execute);
  exitInsteadOfThrowing(program);
  return program;
};

/** Defining them all takes longer than reading a manifest, and only help and completion speak of those not asked for. */
const definitionsFor = (asked: string | undefined): readonly Define[] => {
  const named = asked === undefined ? undefined : definitions.get(asked);
  return named === undefined ? [...definitions.values(), addCompletion] : [named];
};

type Define = (program: Command, execute: Execute) => void;

/** In the order of the help. */
const definitions: ReadonlyMap<string, Define> = new Map([
  ['validate', addValidate],
  ['fmt', addFmt],
  ['import', addImport],
  ['schema', addSchema],
  ['plan', addPlan],
  ['apply', addApply],
  ['watch', addWatch],
  ['status', addStatus],
  ['explain', addExplain],
  ['history', addHistory],
  ['sandbox', addSandbox],
]);

// Every command on its own: commander does not hand the override down to commands that exist already.
const exitInsteadOfThrowing = (program: Command): void => {
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.copyInheritedSettings(program);
  }
};

const rootHelp = `
Settings come from flags, then environment, then holdfast.yaml beside the directory, then defaults.
Environment: BANDWIDTH_USER_ID, BANDWIDTH_API_TOKEN, BANDWIDTH_API_SECRET, BANDWIDTH_API_ENDPOINT, HOLDFAST_STATE,
HOLDFAST_EVENTS_SECRET, HOLDFAST_HOOK_SECRET.
Exit codes: 0 done, 1 failed, 2 changes (plan --detailed-exitcode), 3 refused by a safety check or --max-audience.
${examples('holdfast watch desired --sandbox', 'holdfast validate desired', 'holdfast plan desired', 'holdfast apply desired')}`;
