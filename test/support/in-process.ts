/**
 * The program without a process of its own: a start costs more than many runs. It has no terminal.
 */
import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import type { Context } from '../../src/cli/context.js';
import { makeHideGiven } from '../../src/cli/given-secrets.js';
import { runProgram } from '../../src/cli/program.js';

export interface RanHere {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nobody listens: no test may reach the real API, whatever it forgets to say. */
const nowhere = 'http://127.0.0.1:1';

/** `input`: on standard input. `stopAfterMs`: so long after it began to listen for signals it is told SIGTERM. */
export const runHere = async (
  words: readonly string[],
  env: Context['env'],
  stopAfterMs?: number,
  input = '',
): Promise<RanHere> => {
  let out = '';
  let err = '';
  const plain = picocolors.createColors(false);
  // As `src/process.ts` does it.
  const hide = makeHideGiven(env);
  const code = await runProgram(words, {
    terminal: {
      out: (text) => void (out += hide(text)),
      outAll: (pieces) => () => {
        for (const piece of pieces) out += hide(piece);
        return Promise.resolve();
      },
      err: (text) => void (err += hide(text)),
      input: () => Promise.resolve(Buffer.from(input)),
      giveBack: (text) => void (out += text),
      outColors: plain,
      errColors: plain,
      errIsTerminal: false,
      outRows: () => O.none,
      interactive: false,
      ask: () => () => Promise.resolve({ _tag: 'Ended' }),
      onReload: () => () => undefined,
      onSignal: (handler) => {
        if (stopAfterMs === undefined) return () => undefined;
        const timer = setTimeout(() => handler('SIGTERM'), stopAfterMs);
        return () => clearTimeout(timer);
      },
    },
    env: { BANDWIDTH_API_ENDPOINT: nowhere, ...env },
    clock: {
      now: Date.now,
      elapsed: () => performance.now(),
      after: (delayMs, then) => {
        const timer = setTimeout(then, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    version: '0.0.0',
    process: { pid: process.pid, host: 'test', sinceMs: Date.now() },
  });
  return { code, out, err };
};
