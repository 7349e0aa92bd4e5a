# Completion of tool for bash, printed by "tool completion bash".

# What may stand at a place: some words, a path, or what nobody can know. Fails where nothing may stand.
_tool_at() {
  words=() path=''
  case "$1" in
    ' 1') words=(make read) ;;
    ' flags') words=(-h --help) ;;
    'make 1' | 'make --count') : ;;
    'make 2' | 'make --in') path=dirnames ;;
    'make flags') words=(--kind --count --to --in -h --help) ;;
    'make --kind') words=(plain key=value) ;;
    'make --to' | 'read 1') path=default ;;
    'read flags') words=() ;;
    *) return 1 ;;
  esac
}

_tool() {
  local command='' flag='' ended='' path='' place='' given='' kept='' arguments=0 index word
  local line=$COMP_LINE
  local -a typed=() words=()
  COMPREPLY=()

  # Bash parts words at = and at : as well. Where no blank stands between two of them, they are one.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((index == 0)) || [[ $line == [[:blank:]]* ]]; then
      typed+=("$word")
    else
      typed[${#typed[@]} - 1]+=$word
    fi
    line=${line#"${line%%[![:blank:]]*}"}
    line=${line#"$word"}
  done

  local last=$((${#typed[@]} - 1))
  for ((index = 1; index < last; index++)); do
    word=${typed[index]}
    if [[ -n $flag ]]; then
      flag=''
    elif [[ -n $ended || $word != -* ]]; then
      if [[ -z $command ]]; then command=$word; else arguments=$((arguments + 1)); fi
    elif [[ $word == -- ]]; then
      ended=yes
    elif _tool_at "$command $word"; then
      flag=$word
    fi
  done

  word=${typed[last]}
  if [[ -n $flag ]]; then
    place=$flag
  elif [[ -z $ended && $word == --*=* ]]; then
    place=${word%%=*}
    given=$place=
  elif [[ -z $ended && $word == -* ]]; then
    place=flags
  else
    place=$((arguments + 1))
  fi
  _tool_at "$command $place" || return 0
  if [[ -n $path ]]; then
    compopt -o "$path" 2>/dev/null
    return 0
  fi

  # Where bash parts words at =, only what follows the last one is replaced.
  [[ $COMP_WORDBREAKS == *=* ]] && kept=${word%"${word##*=}"}
  for place in "${words[@]}"; do
    place=$given$place
    [[ $place == "$word"* ]] && COMPREPLY+=("${place#"$kept"}")
  done
  return 0
}

if ((BASH_VERSINFO[0] < 4)); then
  complete -o default -F _tool tool
else
  complete -F _tool tool
fi
