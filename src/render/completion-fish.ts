/**
 * Completion for fish: one line for each command, flag and argument, with the command where it counts. Arguments are
 * counted roughly, as the value of a flag is a word like any other: what may stand first is offered later as well.
 */
import type { CommandLine, Flag, Value } from './command-line.js';

export const fishCompletion = ({ program, flags, commands }: CommandLine): string => {
  const complete = (command: string, what: string, description: string): string => {
    const shown = description === '' ? '' : ` -d ${quoted(description)}`;
    return `complete -c ${program} -n ${quoted(`__${program}_is ${command}`.trim())}${what}${shown}\n`;
  };
  const flagLines = (command: string, of: readonly Flag[]): readonly string[] =>
    of.map((flag) => complete(command, spellings(flag) + flagValue(flag.value), flag.description));
  const lines = [
    ...flagLines('', flags),
    ...commands.map(({ name, description }) => complete('', ` -a ${name}`, description)),
    ...commands.flatMap(({ name, flags: own, arguments: values }) => [
      ...flagLines(name, own),
      ...values.flatMap((value, index) =>
        argumentValues(value).map((offer) => complete(index === 0 ? name : `${name} ${index}`, offer, '')),
      ),
    ]),
  ];
  return `${head(program)}${lines.join('')}`;
};

/** The command is the first word that is no flag: none of the program's own flags takes a value. */
const head = (
  program: string,
): string => `# Completion of ${program} for fish, printed by "${program} completion fish".

# Whether the command is this one, and has so many words behind it; without a name, whether there is none yet.
function __${program}_is
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words[1]" = "$argv[1]"; or return 1
    not set -q argv[2]; or test (count $words) -gt $argv[2]
end

complete -c ${program} -f
`;

const spellings = ({ spellings: all }: Flag): string =>
  all
    .map((spelling) => (spelling.startsWith('--') ? ` -l ${spelling.slice(2)}` : ` -s ${spelling.slice(1)}`))
    .join('');

const flagValue = (value: Value): string => {
  switch (value._tag) {
    case 'None':
      return '';
    case 'Any':
      return ' -x';
    case 'Words':
      return ` -x -a ${quoted(value.words.join(' '))}`;
    case 'File':
      return ' -r -F';
    case 'Directory':
      return ` -x -a ${directories}`;
  }
};

/** None or one. */
const argumentValues = (value: Value): readonly string[] => {
  switch (value._tag) {
    case 'None':
    case 'Any':
      return [];
    case 'Words':
      return [` -a ${quoted(value.words.join(' '))}`];
    case 'File':
      return [' -F'];
    case 'Directory':
      return [` -a ${directories}`];
  }
};

const directories = "'(__fish_complete_directories)'";

const quoted = (text: string): string => `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
