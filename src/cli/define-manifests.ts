/** The command line of what reads and writes manifests. */
import type { Command } from 'commander';
import { validateFormats } from './choices.js';
import { examples, formatOption, withCommon, type Execute } from './define.js';
import { defaultDirectory, type Flags } from './layers.js';

export const addValidate = (program: Command, execute: Execute): void => {
  program
    .command('validate')
    .description('Check the manifests: every problem of every file at once.')
    .argument('[DIR]', 'directory with manifests', defaultDirectory)
    .addOption(formatOption(validateFormats))
    .addHelpText('after', examples('holdfast validate', 'holdfast validate desired --format github'))
    .action((directory: string, flags: Flags) =>
      execute(import('./validate.js').then(({ validate }) => validate(directory, flags))),
    );
};

export const addFmt = (program: Command, execute: Execute): void => {
  program
    .command('fmt')
    .description(
      'Give manifests the usual indentation, quotes and spelling. What they declare stays the same.',
    )
    .argument('[PATH...]', 'files and directories; - formats standard input (default: desired)')
    .option('--check', 'write nothing, list what is not formatted, and exit with 1 when something is listed')
    .addHelpText('after', examples('holdfast fmt', 'holdfast fmt --check', 'holdfast fmt - <rooms.yaml'))
    .action((paths: readonly string[], flags: Flags) =>
      execute(import('./fmt.js').then(({ fmt }) => fmt(paths, flags))),
    );
};

export const addImport = (program: Command, execute: Execute): void => {
  withCommon(program.command('import'))
    .description('Write a manifest of conferences that are there, by one call each. Changes nothing.')
    .argument('<CONF...>', 'their ids')
    .option('--out <FILE>', 'write it to a new file instead of standard output')
    .addHelpText(
      'after',
      examples('holdfast import conf-1 conf-2', 'holdfast import conf-1 --out desired/rooms.yaml'),
    )
    .action((conferences: readonly string[], flags: Flags) =>
      execute(import('./import.js').then(({ importConferences }) => importConferences(conferences, flags))),
    );
};

export const addSchema = (program: Command, execute: Execute): void => {
  program
    .command('schema')
    .description('Print a JSON Schema of manifests: for editors, and for checks without holdfast.')
    .addHelpText('after', examples('holdfast schema > manifest.schema.json'))
    .action(() => execute(import('./schema.js').then(({ schema }) => schema())));
};
