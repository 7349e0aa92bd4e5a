/**
 * Runs git. Whatever git itself can talk to, with whatever credentials it finds, works; nobody is ever asked
 * for a password, because nobody may be there to answer.
 *
 * A command that says nothing for a long time is ended: a connection may hang for ever.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { gitEnvironment, type Environment } from './git-environment.js';

import { failureOf, type GitFailure } from './git-failure.js';

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
}

/** Longer than git's own patience with a server that is slow to answer. */
const silenceMs = 5 * 60_000;
const keptErrorBytes = 16 * 1024;

export const makeGit = (env: Environment): Git => {
  const running = new Set<Child>();
  let closed = false;
  const own = gitEnvironment(env);
  return {
    run:
      (args, options = {}) =>
      async () => {
        if (closed) return E.left(failureOf({ code: null, stderr: 'stopped' }));
        const child = spawn('git', [...args], {
          env: own,
          stdio: ['pipe', 'pipe', 'pipe'],
          // A group of its own: a signal for the daemon is not for git, and ending it ends what it started.
          detached: true,
        });
        running.add(child);
        const ended = await outcomeOf(child, options);
        running.delete(child);
        return ended;
      },
    close: () => {
      closed = true;
      for (const child of running) end(child);
    },
  };
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const outcomeOf = (child: Child, { input, onOutput }: GitOptions): Promise<E.Either<GitFailure, Buffer>> =>
  new Promise((resolve) => {
    const output: Buffer[] = [];
    let stderr = Buffer.alloc(0);
    let hung = false;
    const watchdog = setTimeout(() => {
      hung = true;
      end(child);
    }, silenceMs);
    child.stdout.on('data', (chunk: Buffer) => {
      watchdog.refresh();
      if (onOutput === undefined) output.push(chunk);
      else onOutput(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      watchdog.refresh();
      stderr = Buffer.concat([stderr, chunk]).subarray(-keptErrorBytes);
    });
    const settle = (result: E.Either<GitFailure, Buffer>): void => {
      clearTimeout(watchdog);
      resolve(result);
    };
    child.on('error', (error) => {
      settle(E.left(failureOf({ code: null, stderr: startError(error) })));
    });
    child.on('close', (code) => {
      const text = hung ? 'git said nothing for five minutes' : stderr.toString('utf8');
      settle(
        code === 0 && !hung ? E.right(Buffer.concat(output)) : E.left(failureOf({ code, stderr: text })),
      );
    });
    // It may end without reading: what it says then tells more than a broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });

const startError = (error: Error): string =>
  'code' in error && error.code === 'ENOENT'
    ? 'git is not installed, or not on the PATH'
    : `git cannot be started: ${error.message}`;

const end = ({ pid }: Child): void => {
  if (pid === undefined) return;
  E.tryCatch(() => process.kill(-pid, 'SIGTERM'), E.toError);
};
