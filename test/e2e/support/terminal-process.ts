/**
 * The program at a terminal: `script` of util-linux lends it one. What it prints to either stream comes out as
 * standard output, as on a screen.
 */
import { execFileSync, spawn } from 'node:child_process';
import { environment, follow, program, type HoldfastProcess, type RunOptions } from './holdfast-process.js';

/** Whether this machine can lend a terminal. BSD's `script` has other flags. */
export const hasTerminal = ((): boolean => {
  try {
    return execFileSync('script', ['--version'], { stdio: 'pipe' }).includes('util-linux');
  } catch {
    return false;
  }
})();

export const startTerminal = (args: readonly string[], options: RunOptions): HoldfastProcess => {
  const command = [process.execPath, program, ...args].map(quote).join(' ');
  const env = { TERM: 'xterm-256color', SHELL: '/bin/sh', ...environment(options) };
  return follow(spawn('script', ['-qec', command, '/dev/null'], { cwd: options.cwd, env, stdio: 'pipe' }));
};

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
