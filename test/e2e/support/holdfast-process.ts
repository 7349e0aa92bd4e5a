/**
 * The built program in a process of its own, as a user starts it: nothing of the tests' environment reaches it but
 * PATH. Everything that waits has a bound, and says what was printed so far when it is reached.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { patienceMs } from '../../support/patience.js';
import { decodeRecord, type Json } from './json.js';

export const program = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));

/** What no output and no state may show. */
export const secrets = {
  token: 't-canary-token-9f3a',
  secret: 'canary-secret-77e1',
  password: 'hunter2-canary',
};

export const credentials: Environment = {
  BANDWIDTH_USER_ID: 'u-test',
  BANDWIDTH_API_TOKEN: secrets.token,
  BANDWIDTH_API_SECRET: secrets.secret,
};

export type Environment = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  readonly cwd: string;
  /** Beside the credentials; undefined takes a variable away. */
  readonly env?: Environment;
}

export interface Ran {
  /** 0 to 255, or the name of the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HoldfastProcess {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The lines of standard error that are JSON, in order. */
  readonly events: () => readonly Json[];
  /** The first event, also of those already told, that fits; `from` skips that many. */
  readonly event: (fits: (event: Json) => boolean, from?: number) => Promise<Json>;
  /** Standard output or error contains this text. */
  readonly printed: (text: string) => Promise<void>;
  readonly write: (text: string) => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Closes this end of its standard output and error, as `| head` does. */
  readonly stopReading: () => void;
  readonly ended: Promise<Ran>;
}

/** Runs to the end. */
export const runHoldfast = (args: readonly string[], options: RunOptions): Promise<Ran> => {
  const started = spawnHoldfast(args, options);
  return started.ended;
};

export const spawnHoldfast = (args: readonly string[], options: RunOptions): HoldfastProcess =>
  follow(
    spawn(process.execPath, [program, ...args], {
      cwd: options.cwd,
      env: environment(options),
      stdio: 'pipe',
    }),
  );

/** Nobody listens: no test may reach the real API, whatever it forgets to say. */
const nowhere = 'http://127.0.0.1:1';

export const environment = ({ cwd, env }: RunOptions): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: cwd,
  BANDWIDTH_API_ENDPOINT: nowhere,
  ...credentials,
  ...env,
});

/** A started child as something to talk to. */
export const follow = (child: ChildProcess): HoldfastProcess => {
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  // Whoever writes to a child that has ended gets EPIPE; the test sees the end, which says more.
  child.stdin?.on('error', () => undefined);
  const printedSoFar = (): string => `\nstdout:\n${stdout}\nstderr:\n${stderr}`;
  const ended = endOf(child, () => ({ stdout, stderr }), printedSoFar);
  // A test that does not wait for the end need not handle it.
  ended.catch(() => undefined);
  const events = (): readonly Json[] => stderr.split('\n').flatMap(decodeRecord);
  const until = <A>(look: () => A | undefined, what: string): Promise<A> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        listeners.delete(check);
        resolve(found);
      };
      listeners.add(check);
      check();
      const fail = (): void => reject(new Error(`ended or timed out without ${what}${printedSoFar()}`));
      ended.then(fail, fail);
    });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    events,
    event: (fits, from = 0) => until(() => events().slice(from).find(fits), `the event ${String(fits)}`),
    printed: (text) =>
      until(() => (stdout.includes(text) || stderr.includes(text) ? true : undefined), text).then(
        () => undefined,
      ),
    write: (text) => void child.stdin?.write(text),
    signal: (signal) => void child.kill(signal),
    stopReading: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    ended,
  };
};

const endOf = async (
  child: ChildProcess,
  printed: () => Pick<Ran, 'stdout' | 'stderr'>,
  printedSoFar: () => string,
): Promise<Ran> => {
  const bound = { reached: false };
  const timer = setTimeout(() => {
    bound.reached = true;
    child.kill('SIGKILL');
  }, patienceMs);
  await once(child, 'close');
  clearTimeout(timer);
  if (bound.reached) throw new Error(`still running after ${patienceMs} ms${printedSoFar()}`);
  return { code: child.exitCode ?? child.signalCode ?? 'unknown', ...printed() };
};
