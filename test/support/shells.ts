/**
 * What a real shell offers at the end of what somebody has typed. Bash and zsh insert all they offer into the line,
 * which is read from there; fish prints it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patienceMs } from './patience.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/** Zsh edits lines at a terminal alone, and `script` of util-linux lends it one. */
export const canRun = (shell: Shell): boolean =>
  answers(shell, '') && (shell !== 'zsh' || answers('script', 'util-linux'));

const answers = (program: string, expected: string): boolean => {
  try {
    return execFileSync(program, ['--version'], { stdio: 'pipe' }).includes(expected);
  } catch {
    return false;
  }
};

export interface Typing {
  /** The script of the completion. */
  readonly completion: string;
  /** Empty before. */
  readonly home: string;
  /** Where the shell runs. */
  readonly folder: string;
  readonly lines: readonly string[];
}

/** For each line the words, sorted, without what stands before the last `=` and without quotes. */
export const offeredBy = async (shell: Shell, typing: Typing): Promise<readonly (readonly string[])[]> => {
  mkdirSync(typing.home, { recursive: true });
  writeFileSync(join(typing.home, 'completion'), typing.completion);
  switch (shell) {
    case 'bash':
      return inserted(typing, await typeInBash(typing));
    case 'zsh':
      return inserted(typing, await typeInZsh(typing));
    case 'fish':
      return printed(await askFish(typing));
  }
};

const insertAll = '\u001d';
const tell = '\u001f';

const keysFor = ({ lines }: Typing): string => lines.map((line) => line + insertAll + tell).join('');

const typeInBash = async (typing: Typing): Promise<string> => {
  const settings = `
    source "$HOME/completion"
    bind 'set bell-style none'; bind 'set completion-query-items 0'
    bind '"\\C-]": insert-completions'
    tell() { printf '%s\\n' "$READLINE_LINE" >> "$HOME/told"; READLINE_LINE=; }
    bind -x '"\\C-_": tell'`;
  writeFileSync(join(typing.home, 'settings'), settings);
  const rcfile = join(typing.home, 'settings');
  await run('bash', ['--noprofile', '--rcfile', rcfile, '-i'], typing, keysFor(typing));
  return readFileSync(join(typing.home, 'told'), 'utf8');
};

const typeInZsh = async (typing: Typing): Promise<string> => {
  const settings = `
    autoload -Uz compinit; compinit -u -D
    source "$HOME/completion"
    zstyle ':completion:insert-all::::' completer _all_matches _complete
    zstyle ':completion:insert-all:*' insert true
    zle -C insert-all complete-word _generic; bindkey '^]' insert-all
    tell() { print -r -- "$BUFFER" >> "$HOME/told"; BUFFER= }
    zle -N tell; bindkey '^_' tell`;
  writeFileSync(join(typing.home, '.zshrc'), settings);
  await run('script', ['-qec', 'zsh -i', '/dev/null'], typing, `${keysFor(typing)}exit\n`);
  return readFileSync(join(typing.home, 'told'), 'utf8');
};

const askFish = (typing: Typing): Promise<string> => {
  const ask = 'source ~/completion; for line in $argv; complete -C "$line"; echo =====; end';
  return run('fish', ['--no-config', '-c', ask, ...typing.lines], typing, '');
};

/** In a session of its own: an interactive shell takes the terminal of the tests otherwise. */
const run = async (
  program: string,
  args: readonly string[],
  { home, folder }: Typing,
  input: string,
): Promise<string> => {
  const env = { HOME: home, PATH: process.env['PATH'], TERM: 'dumb', INPUTRC: '/dev/null' };
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    timeout: patienceMs,
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stdin.end(input);
  await once(child, 'close');
  return out;
};

const inserted = ({ lines }: Typing, told: string): readonly (readonly string[])[] => {
  const buffers = told.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const buffer = buffers[index] ?? 'the shell told nothing';
    const words = buffer.slice(line.lastIndexOf(' ') + 1).match(/(?:[^\s\\]|\\.)+/g) ?? [];
    return buffer.trimEnd() === line.trimEnd() ? [] : words.map(bare).sort();
  });
};

const printed = (out: string): readonly (readonly string[])[] =>
  out
    .split('=====\n')
    .slice(0, -1)
    .map((words) =>
      words
        .split('\n')
        .slice(0, -1)
        .map((word) => bare(word.replace(/\t.*/, '')))
        .sort(),
    );

const bare = (word: string): string =>
  word
    .replace(/\\(.)/g, '$1')
    // Zsh adds the = of a flag that takes a value.
    .replace(/=$/, '')
    .replace(/^.*=/, '')
    .replace(/\/$/, '');
