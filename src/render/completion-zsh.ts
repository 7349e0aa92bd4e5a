/** Completion for zsh: a function for a folder of `fpath`, which can be sourced as well. */
import type { CommandLine, Flag, Subcommand, Value } from './command-line.js';

export const zshCompletion = ({ program, flags, commands }: CommandLine): string =>
  `#compdef ${program}
# Completion of ${program} for zsh, printed by "${program} completion zsh".

_${program}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands=(
${commands.map((command) => `    ${described(command)}`).join('\n')}
  )

  _arguments -C \\
${flags
  .flatMap(flagSpecs)
  .map((spec) => `    ${spec} \\\n`)
  .join('')}    '1:command:->command' \\
    '*::argument:->argument'

  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${commands.map(commandArm).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;

const described = ({ name, description }: Subcommand): string => quoted(`${name}:${description}`);

const commandArm = ({ name, flags, arguments: values }: Subcommand): string => {
  const specs = [
    ...flags.flatMap(flagSpecs),
    ...values.map((value, index) => quoted(`${index + 1}::${action(value)}`)),
  ];
  const lines = specs.map((spec) => ` \\\n            ${spec}`).join('');
  return `        ${name})\n          _arguments${lines}\n          ;;`;
};

/** One for each spelling, which keeps the others away. */
const flagSpecs = ({ spellings, description, value }: Flag): readonly string[] =>
  spellings.map((spelling) => {
    const others = spellings.length > 1 ? `(${spellings.join(' ')})` : '';
    const takes = value._tag === 'None' ? '' : '=';
    const follows = value._tag === 'None' ? '' : `:${action(value)}`;
    return quoted(
      `${others}${spelling}${takes}[${description.replace(/[\\[\]]/g, String.raw`\$&`)}]${follows}`,
    );
  });

/** What is asked for, and what may answer it. */
const action = (value: Value): string => {
  if (value._tag === 'None') return '';
  const name = value.name.replaceAll(':', String.raw`\:`);
  switch (value._tag) {
    case 'Any':
      return `${name}: `;
    case 'Words':
      return `${name}:(${value.words.join(' ')})`;
    case 'File':
      return `${name}:_files`;
    case 'Directory':
      return `${name}:_files -/`;
  }
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
