# Completion of tool for fish, printed by "tool completion fish".

# Whether the command is this one, and has so many words behind it; without a name, whether there is none yet.
function __tool_is
    set -l words
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words[1]" = "$argv[1]"; or return 1
    not set -q argv[2]; or test (count $words) -gt $argv[2]
end

complete -c tool -f
complete -c tool -n '__tool_is' -s h -l help -d 'show help'
complete -c tool -n '__tool_is' -a make -d 'Makes it: what isn\'t there, costs $5 [or `less`] \\ more.'
complete -c tool -n '__tool_is' -a read -d 'Reads it'
complete -c tool -n '__tool_is make' -l kind -x -a 'plain key=value' -d 'a [kind]: don\'t \\ guess'
complete -c tool -n '__tool_is make' -l count -x -d 'how many'
complete -c tool -n '__tool_is make' -l to -r -F -d 'where'
complete -c tool -n '__tool_is make' -l in -x -a '(__fish_complete_directories)' -d 'where from'
complete -c tool -n '__tool_is make' -s h -l help -d 'show help'
complete -c tool -n '__tool_is make 1' -a '(__fish_complete_directories)'
complete -c tool -n '__tool_is read' -F
