/** The command line of what stands beside the work: the sandbox. */
import type { Command } from 'commander';
import { examples, type Execute } from './define.js';
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
