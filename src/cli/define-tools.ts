/** The command line of what stands beside the work: the sandbox, and completion for shells. */
import { Argument, type Command } from 'commander';
import { logFormats, shells } from './choices.js';
import { choiceOption, examples, type Execute } from './define.js';
import type { Flags } from './layers.js';

export const addSandbox = (program: Command, execute: Execute): void => {
  program
    .command('sandbox')
    .description('Run a Catapult on this machine: for trying, demos and tests.')
    .option('--port <N>', 'port on 127.0.0.1; 0 takes a free one (default: 4010)')
    .option('--rate <N>', 'calls per second, or unlimited (default: 1)')
    .option('--latency <MS>', 'milliseconds added to every answer (default: 0)')
    .option('--fault <SPEC>', 'such as 500:0.05,timeout:0.02,reset:0.02,lost:0.02')
    .option('--seed <N>', 'repeat the same faults and ids (default: 1)')
    .option('--assume <KEY=VALUE...>', 'change what is not known of the real API')
    .addOption(choiceOption('--log-format <FORMAT>', 'pretty or json', logFormats))
    .addHelpText(
      'after',
      examples(
        'holdfast sandbox --port 4010',
        'holdfast sandbox --rate unlimited --fault "500:0.05,lost:0.02" --seed 7',
      ),
    )
    .action((flags: Flags) => execute(import('./sandbox.js').then(({ sandbox }) => sandbox(flags))));
};

export const addCompletion = (program: Command, execute: Execute): void => {
  program
    .command('completion')
    .description('Print a script that completes commands, flags and their values in a shell.')
    .addArgument(shellArgument())
    .addHelpText('after', installation)
    .action((shell: string) =>
      execute(import('./completion.js').then(({ completion }) => completion(shell, program))),
    );
};

const shellArgument = (): Argument => {
  const argument = new Argument('<SHELL>', 'the shell');
  argument.argChoices = [...shells];
  return argument;
};

const installation = `
Install it once, and again after an update of holdfast. It counts in shells that are started from then on.

bash:
  mkdir -p ~/.local/share/bash-completion/completions
  holdfast completion bash > ~/.local/share/bash-completion/completions/holdfast
  Without the package bash-completion: save it anywhere, and add to ~/.bashrc: source FILE

zsh:
  mkdir -p ~/.zfunc
  holdfast completion zsh > ~/.zfunc/_holdfast
  and in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)

fish:
  mkdir -p ~/.config/fish/completions
  holdfast completion fish > ~/.config/fish/completions/holdfast.fish
`;
