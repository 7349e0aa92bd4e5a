/**
 * The command line: names, flags and help. What a command does is in a module of its own, loaded when it runs.
 */
import { Command, CommanderError, Option } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import { safeJsonText } from '../render/safe-text.js';
import type { Context } from './context.js';
import { exitCodes, type CommandError, type ExitCode } from './exit.js';
import { defaultDirectory, type Flags } from './layers.js';
import { renderCommandError } from './render-command-error.js';

type Run = (context: Context) => TaskEither<CommandError, ExitCode>;

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
    await makeProgram(context, execute).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.failed;
    throw error;
  }
};

/** What somebody typed as a flag may be a secret: `--token=…` is shown as `--token`. */
const showable = (text: string): string =>
  safeJsonText(hideSecrets(text.replace(/(unknown option '(?:--[a-z-]{1,40}|-[a-z])?)[^]*'/i, "$1'")));

const makeProgram = (context: Context, execute: (run: Promise<Run>) => Promise<void>): Command => {
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
    .addHelpText('after', rootHelp);
  addValidate(program, execute);
  addPlan(program, execute);
  addApply(program, execute);
  addWatch(program, execute);
  addStatus(program, execute);
  addSandbox(program, execute);
  exitInsteadOfThrowing(program);
  return program;
};

// Every command on its own: commander does not hand the override down to commands that exist already.
const exitInsteadOfThrowing = (program: Command): void => {
  for (const command of [program, ...program.commands]) {
    command.exitOverride();
    command.copyInheritedSettings(program);
  }
};

type Execute = (run: Promise<Run>) => Promise<void>;

const addValidate = (program: Command, execute: Execute): void => {
  program
    .command('validate')
    .description('Check the manifests: every problem of every file at once.')
    .argument('[DIR]', 'directory with manifests', defaultDirectory)
    .addOption(formatOption(['text', 'json', 'github']))
    .addHelpText('after', examples('holdfast validate', 'holdfast validate desired --format github'))
    .action((directory: string, flags: Flags) =>
      execute(import('./validate.js').then(({ validate }) => validate(directory, flags))),
    );
};

const addPlan = (program: Command, execute: Execute): void => {
  withCommon(program.command('plan'))
    .description('Show what would change. Costs no call and changes nothing.')
    .argument('[DIR]', 'directory with manifests', defaultDirectory)
    .addOption(formatOption(['text', 'json', 'markdown']))
    .option('--detailed-exitcode', 'exit with 2 when there is something to do')
    .option('--out <FILE>', 'save the plan, to be run by `holdfast apply FILE`')
    .option('--refresh', 'read every declared conference first, one call each, and show drift')
    .option('--full', 'show every change of a long plan')
    .addHelpText(
      'after',
      examples(
        'holdfast plan',
        'holdfast plan desired --format json',
        'holdfast plan --out plan.json && holdfast apply plan.json',
        'holdfast plan --refresh',
      ),
    )
    .action((directory: string, flags: Flags) =>
      execute(import('./plan.js').then(({ plan }) => plan(directory, flags))),
    );
};

const addApply = (program: Command, execute: Execute): void => {
  withCommon(program.command('apply'))
    .description('Make the calls that are needed, once, and report every conference.')
    .argument('[DIR|FILE]', 'directory with manifests, or a saved plan', defaultDirectory)
    .addOption(formatOption(['text', 'json']))
    .option('--yes', 'do not ask')
    .option('--force <REASON>', 'go on although a safety check refuses, and record why')
    .option('--full', 'show every change of a long plan')
    .addHelpText(
      'after',
      examples(
        'holdfast apply',
        'holdfast apply desired --yes',
        'holdfast apply --yes --force "office closes for good"',
      ),
    )
    .action((path: string, flags: Flags) =>
      execute(import('./apply.js').then(({ apply }) => apply(path, flags))),
    );
};

const addWatch = (program: Command, execute: Execute): void => {
  withCommon(program.command('watch'))
    .description('Keep the conferences as declared, until stopped.')
    .argument('[DIR]', 'directory with manifests', defaultDirectory)
    .option(
      '--listen <HOST:PORT>',
      'serve /healthz, /readyz, /metrics, /status, and with HOLDFAST_EVENTS_SECRET /events',
    )
    .option(
      '--drift <WHAT>',
      'what to do about changes made elsewhere: report, heal (set again) or ignore (default: report)',
    )
    .option('--drift-every <TIME>', 'read no conference for drift more often: 30s, 15m, 1h (default: 15m)')
    .option('--sandbox', 'against a built-in Catapult with the declared conferences in it: no account needed')
    .addHelpText(
      'after',
      examples(
        'holdfast watch desired --sandbox',
        'holdfast watch --listen 127.0.0.1:9464',
        'holdfast watch --drift heal --drift-every 5m',
      ),
    )
    .action((directory: string, flags: Flags) =>
      execute(import('./watch.js').then(({ watch }) => watch(directory, flags))),
    );
};

const addStatus = (program: Command, execute: Execute): void => {
  withCommon(program.command('status'))
    .description('Show where every conference stands. Works while a daemon holds the state.')
    .addOption(formatOption(['text', 'json']))
    .option('--watch', 'draw it again every second, until Ctrl-C')
    .addHelpText(
      'after',
      examples('holdfast status', 'holdfast status --watch', 'holdfast status --format json'),
    )
    .action((flags: Flags) => execute(import('./status.js').then(({ status }) => status(flags))));
};

const addSandbox = (program: Command, execute: Execute): void => {
  program
    .command('sandbox')
    .description('Run a Catapult on this machine: for trying, demos and tests.')
    .option('--port <N>', 'port on 127.0.0.1; 0 takes a free one (default: 4010)')
    .option('--rate <N>', 'calls per second, or unlimited (default: 1)')
    .option('--latency <MS>', 'milliseconds added to every answer (default: 0)')
    .option('--fault <SPEC>', 'such as 500:0.05,timeout:0.02,reset:0.02,lost:0.02')
    .option('--seed <N>', 'repeat the same faults and ids (default: 1)')
    .option('--assume <KEY=VALUE...>', 'change what is not known of the real API')
    .option('--log-format <FORMAT>', 'pretty or json')
    .addHelpText(
      'after',
      examples(
        'holdfast sandbox --port 4010',
        'holdfast sandbox --rate unlimited --fault "500:0.05,lost:0.02" --seed 7',
      ),
    )
    .action((flags: Flags) => execute(import('./sandbox.js').then(({ sandbox }) => sandbox(flags))));
};

const withCommon = (command: Command): Command =>
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

const formatOption = (formats: readonly string[]): Option =>
  new Option(
    '--format <FORMAT>',
    `${formats.slice(0, -1).join(', ')} or ${formats.at(-1) ?? ''} (default: text)`,
  );

const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;

const rootHelp = `
Settings come from flags, then environment, then holdfast.yaml beside the directory, then defaults.
Environment: BANDWIDTH_USER_ID, BANDWIDTH_API_TOKEN, BANDWIDTH_API_SECRET, BANDWIDTH_API_ENDPOINT, HOLDFAST_STATE,
HOLDFAST_EVENTS_SECRET.
Exit codes: 0 done, 1 failed, 2 changes (plan --detailed-exitcode), 3 refused by a safety check or --max-audience.
${examples('holdfast watch desired --sandbox', 'holdfast validate desired', 'holdfast plan desired', 'holdfast apply desired')}`;
