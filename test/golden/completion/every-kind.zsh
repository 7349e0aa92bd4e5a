#compdef tool
# Completion of tool for zsh, printed by "tool completion zsh".

_tool() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands=(
    'make:Makes it: what isn'\''t there, costs $5 [or `less`] \ more.'
    'read:Reads it'
  )

  _arguments -C \
    '(-h --help)-h[show help]' \
    '(-h --help)--help[show help]' \
    '1:command:->command' \
    '*::argument:->argument'

  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
        make)
          _arguments \
            '--kind=[a \[kind\]: don'\''t \\ guess]:KIND:(plain key=value)' \
            '--count=[how many]:HOST\:N: ' \
            '--to=[where]:FILE:_files' \
            '--in=[where from]:DIR:_files -/' \
            '(-h --help)-h[show help]' \
            '(-h --help)--help[show help]' \
            '1::ID: ' \
            '2::DIR:_files -/'
          ;;
        read)
          _arguments \
            '1::FILE:_files'
          ;;
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _tool ]]; then
  _tool "$@"
else
  compdef _tool tool
fi
