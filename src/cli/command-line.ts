/** The definitions of the commands as data. What is defined is completed: nothing else has to be kept up to date. */
import type { Command, Option } from 'commander';
import type { CommandLine, Flag, Value } from '../render/command-line.js';

/** `wordsFor`: by placeholder, words that may stand for it where the definition names none. */
export const commandLineOf = (program: Command, wordsFor: WordsFor): CommandLine => {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const known: WordsFor = { ...wordsFor, command: commands.map((command) => command.name()) };

  const value = (name: string, choices: readonly string[] | undefined): Value => {
    const words = choices ?? known[name];
    if (words !== undefined) return { _tag: 'Words', name, words };
    if (name === 'DIR') return { _tag: 'Directory', name };
    return name === 'FILE' || name === 'DIR|FILE' ? { _tag: 'File', name } : { _tag: 'Any', name };
  };

  const flag = ({ flags, short, long, description, argChoices }: Option): Flag => {
    const [, name] = /[<[]([^\].>]+)/.exec(flags) ?? [];
    return {
      spellings: [short, long].flatMap((spelling) => spelling ?? []),
      description,
      value: name === undefined ? none : value(name, argChoices),
    };
  };

  return {
    program: program.name(),
    flags: help.visibleOptions(program).map(flag),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      flags: help.visibleOptions(command).map(flag),
      arguments: command.registeredArguments.map((argument) => value(argument.name(), argument.argChoices)),
    })),
  };
};

type WordsFor = Readonly<Partial<Record<string, readonly string[]>>>;

const none: Value = { _tag: 'None' };
