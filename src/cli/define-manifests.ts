/** The command line of what reads and writes manifests. */
import type { Command } from 'commander';
import { examples, formatOption, type Execute } from './define.js';
import { defaultDirectory, type Flags } from './layers.js';

export const addValidate = (program: Command, execute: Execute): void => {
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
