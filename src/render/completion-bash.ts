/**
 * Completion for bash, without the package bash-completion.
 *
 * Bash parts words at `=` and `:`, so that `--format=json` is three. The script puts them together again, and answers
 * with what follows the last `=` alone. Where a path is asked for it leaves the answer to readline, which knows of
 * quotes and of `~`. Bash before 4 cannot be told to: there a path is offered wherever nothing else fits.
 */
import type { CommandLine, Subcommand, Value } from './command-line.js';

export const bashCompletion = ({ program, flags, commands }: CommandLine): string => {
  const root = { name: '', flags, arguments: [commandNames(commands)] };
  const cases = [root, ...commands].flatMap(casesOf);
  return script.replaceAll('PROGRAM', program).replace('TABLE', () => arms(cases).join('\n'));
};

const commandNames = (commands: CommandLine['commands']): Value => ({
  _tag: 'Words',
  name: 'command',
  words: commands.map(({ name }) => name),
});

interface Case {
  readonly when: string;
  readonly then: string;
}

/** `COMMAND FLAG`, `COMMAND NUMBER` of an argument, and `COMMAND flags`: what may stand there. */
const casesOf = (command: Pick<Subcommand, 'name' | 'flags' | 'arguments'>): readonly Case[] => {
  const at = (what: string, value: Value): Case => ({
    when: quoted(`${command.name} ${what}`),
    then: setting(value),
  });
  const spellings = command.flags.flatMap((flag) => flag.spellings);
  return [
    ...command.arguments.map((value, index) => at(String(index + 1), value)),
    at('flags', { _tag: 'Words', name: '', words: spellings }),
    ...command.flags
      .filter(({ value }) => value._tag !== 'None')
      .flatMap((flag) => flag.spellings.map((spelling) => at(spelling, flag.value))),
  ];
};

const setting = (value: Value): string => {
  switch (value._tag) {
    case 'None':
    case 'Any':
      return ':';
    case 'Words':
      return `words=(${value.words.map(quoted).join(' ')})`;
    case 'File':
      return 'path=default';
    case 'Directory':
      return 'path=dirnames';
  }
};

/** What leads to the same is told once. */
const arms = (cases: readonly Case[]): readonly string[] => {
  const byOutcome = new Map<string, string[]>();
  for (const { when, then } of cases) byOutcome.set(then, [...(byOutcome.get(then) ?? []), when]);
  return [...byOutcome].map(([then, when]) => `    ${when.join(' | ')}) ${then} ;;`);
};

const quoted = (text: string): string =>
  /^[\w=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** PROGRAM and TABLE stand for what is filled in. */
const script = `# Completion of PROGRAM for bash, printed by "PROGRAM completion bash".

# What may stand at a place: some words, a path, or what nobody can know. Fails where nothing may stand.
_PROGRAM_at() {
  words=() path=''
  case "$1" in
TABLE
    *) return 1 ;;
  esac
}

_PROGRAM() {
  local command='' flag='' ended='' path='' place='' given='' kept='' arguments=0 index word
  local line=$COMP_LINE
  local -a typed=() words=()
  COMPREPLY=()

  # Bash parts words at = and at : as well. Where no blank stands between two of them, they are one.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if ((index == 0)) || [[ $line == [[:blank:]]* ]]; then
      typed+=("$word")
    else
      typed[\${#typed[@]} - 1]+=$word
    fi
    line=\${line#"\${line%%[![:blank:]]*}"}
    line=\${line#"$word"}
  done

  local last=$((\${#typed[@]} - 1))
  for ((index = 1; index < last; index++)); do
    word=\${typed[index]}
    if [[ -n $flag ]]; then
      flag=''
    elif [[ -n $ended || $word != -* ]]; then
      if [[ -z $command ]]; then command=$word; else arguments=$((arguments + 1)); fi
    elif [[ $word == -- ]]; then
      ended=yes
    elif _PROGRAM_at "$command $word"; then
      flag=$word
    fi
  done

  word=\${typed[last]}
  if [[ -n $flag ]]; then
    place=$flag
  elif [[ -z $ended && $word == --*=* ]]; then
    place=\${word%%=*}
    given=$place=
  elif [[ -z $ended && $word == -* ]]; then
    place=flags
  else
    place=$((arguments + 1))
  fi
  _PROGRAM_at "$command $place" || return 0
  if [[ -n $path ]]; then
    compopt -o "$path" 2>/dev/null
    return 0
  fi

  # Where bash parts words at =, only what follows the last one is replaced.
  [[ $COMP_WORDBREAKS == *=* ]] && kept=\${word%"\${word##*=}"}
  for place in "\${words[@]}"; do
    place=$given$place
    [[ $place == "$word"* ]] && COMPREPLY+=("\${place#"$kept"}")
  done
  return 0
}

if ((BASH_VERSINFO[0] < 4)); then
  complete -o default -F _PROGRAM PROGRAM
else
  complete -F _PROGRAM PROGRAM
fi
`;
