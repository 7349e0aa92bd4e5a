/** The built program in a process of its own, and its log lines as they come. */
import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { makeFeed, type Feed } from './feed.js';
import type { Scope } from './scope.js';

export interface LogEntry {
  readonly [field: string]: unknown;
  readonly level: string;
  readonly time: string;
  readonly event: string;
  readonly message: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly pid: number;
  readonly log: Feed<LogEntry>;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

const main = resolve('dist/main.cjs');

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  BANDWIDTH_USER_ID: 'u-1',
  BANDWIDTH_API_TOKEN: 't-1',
  BANDWIDTH_API_SECRET: 's3cret-of-tests',
  // Nobody listens: no test may reach the real API, whatever it forgets to say.
  BANDWIDTH_API_ENDPOINT: 'http://127.0.0.1:1',
});

/** `through` is a command that sets up its own process and then becomes the program, such as `setpriv`. */
export const start = (
  { onTestFinished }: Scope,
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  through: readonly string[] = [],
): Program => {
  const [command = process.execPath, ...rest] = [...through, process.execPath, main, ...args];
  const child: ChildProcess = spawn(command, rest, {
    cwd,
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = makeFeed<LogEntry>((entry) => JSON.stringify(entry));
  const lines: string[] = [];
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  if (child.stderr === null) throw new Error('no standard error');
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    const entry = entryOf(line);
    if (entry !== undefined) log.push(entry);
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      log.end(`the program ended with ${String(code ?? signal)}`);
      done({ code, signal, stdout, stderr: lines.join('\n') });
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { pid: child.pid ?? 0, log, kill: (signal) => child.kill(signal), ended };
};

const entryOf = (line: string): LogEntry | undefined => {
  try {
    const parsed: unknown = JSON.parse(line);
    return isEntry(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const isEntry = (value: unknown): value is LogEntry =>
  typeof value === 'object' &&
  value !== null &&
  'event' in value &&
  typeof value.event === 'string' &&
  'message' in value &&
  typeof value.message === 'string' &&
  'level' in value &&
  'time' in value;

/** Runs to its end. */
export const run = (
  scope: Scope,
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  through: readonly string[] = [],
): Promise<Ended> => start(scope, cwd, args, env, through).ended;
