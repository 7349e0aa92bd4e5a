/**
 * Runs git. Whatever git itself can talk to, with whatever credentials it finds, works; nobody is ever asked
 * for a password, because nobody may be there to answer.
 *
 * A command that says nothing for a long time is ended: a connection may hang for ever. One that has ended is not
 * waited for because something that it has left running still holds its output. Nothing here throws or rejects.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { gitEnvironment, type Environment } from './git-environment.js';
import { failureOf, notRun, type GitFailure } from './git-failure.js';

export interface Git {
  /** What it prints. */
  readonly run: (args: readonly string[], options?: GitOptions) => TaskEither<GitFailure, Buffer>;
  /** Ends what runs; nothing can be run afterwards. */
  readonly close: IO<void>;
}

export interface GitOptions {
  /** Written to its standard input. */
  readonly input?: Uint8Array;
  /** Takes what it prints as it comes; `run` answers with nothing then. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** How long it may say nothing. Five minutes, where this is left out. */
  readonly silenceMs?: number;
}

/** Longer than git's own patience with a server that is slow to answer. */
const usualSilenceMs = 5 * 60_000;
/** From the end of a command, or from telling it to end, until nothing more is expected of it. */
const graceMs = 2_000;
const keptErrorBytes = 16 * 1024;

export const makeGit = (env: Environment): Git => {
  const running = new Set<Child>();
  const own = gitEnvironment(env);
  let closed = false;
  return {
    run:
      (args, options = {}) =>
      async () => {
        if (closed) return E.left(notRun('stopped'));
        const child = start(args, own);
        if (E.isLeft(child)) return child;
        running.add(child.right);
        const ended = await outcomeOf(child.right, options);
        running.delete(child.right);
        return ended;
      },
    close: () => {
      closed = true;
      for (const child of running) signal(child, 'SIGTERM');
    },
  };
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const start = (args: readonly string[], env: Record<string, string>): E.Either<GitFailure, Child> =>
  E.tryCatch(() => {
    const child = spawn('git', [...args], {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: a signal for the daemon is not for git, and ending it ends what it started. It has no
      // terminal then, at which ssh could ask for something.
      detached: true,
    });
    // Heard again by whoever waits for the outcome; it must not go unheard.
    child.on('error', () => undefined);
    // Where no descriptor is left there are no streams, whatever the types say.
    if (!hasStreams(child)) throw new Error('too many files are open');
    return child;
  }, startFailure);

const hasStreams = (child: { readonly stdin?: unknown; readonly stderr?: unknown }): boolean =>
  child.stdin !== undefined && child.stderr !== undefined;

const startFailure = (cause: unknown): GitFailure => {
  const error = E.toError(cause);
  return notRun(
    'code' in error && error.code === 'ENOENT'
      ? 'git is not installed, or not on the PATH'
      : `git cannot be started: ${error.message}`,
  );
};

const outcomeOf = (
  child: Child,
  { input, onOutput, silenceMs = usualSilenceMs }: GitOptions,
): Promise<E.Either<GitFailure, Buffer>> =>
  new Promise((resolve) => {
    const output: Buffer[] = [];
    let stderr = Buffer.alloc(0);
    let fault: O.Option<GitFailure> = O.none;
    const watchdog = setTimeout(() => {
      give(notRun(`git said nothing for ${Math.round(silenceMs / 60_000)} minutes`));
    }, silenceMs);
    let grace: NodeJS.Timeout | undefined;
    const settle = (result: E.Either<GitFailure, Buffer>): void => {
      clearTimeout(watchdog);
      clearTimeout(grace);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const end = (code: number | null): void => {
      if (O.isSome(fault)) settle(E.left(fault.value));
      else if (code === 0) settle(E.right(Buffer.concat(output)));
      else settle(E.left(failureOf({ code, stderr: stderr.toString('utf8') })));
    };
    /** It is not needed any more. */
    const give = (failure: GitFailure): void => {
      if (O.isSome(fault)) return;
      fault = O.some(failure);
      signal(child, 'SIGTERM');
      grace = setTimeout(() => {
        signal(child, 'SIGKILL');
        end(null);
      }, graceMs);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      watchdog.refresh();
      if (O.isSome(fault)) return;
      const taken = E.tryCatch(() => (onOutput ?? ((bytes) => void output.push(bytes)))(chunk), E.toError);
      if (E.isLeft(taken)) give(notRun(`a defect in holdfast: ${taken.left.message}; please report it`));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      watchdog.refresh();
      stderr = Buffer.concat([stderr, chunk]).subarray(-keptErrorBytes);
    });
    child.on('error', (error) => {
      settle(E.left(startFailure(error)));
    });
    child.on('exit', (code) => {
      grace ??= setTimeout(() => {
        signal(child, 'SIGKILL');
        end(code);
      }, graceMs);
    });
    child.on('close', end);
    // It may end without reading: what it says then tells more than a broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });

const signal = ({ pid }: Child, name: 'SIGTERM' | 'SIGKILL'): void => {
  if (pid === undefined) return;
  E.tryCatch(() => process.kill(-pid, name), E.toError);
};
