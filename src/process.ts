/** Binds holdfast to this process. Nothing else knows of argv, environment, streams or signals. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import * as t from 'io-ts';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import picocolors from 'picocolors';
import { makeScrub } from './catapult/scrub.js';
import { exitCodes } from './cli/exit.js';
import { makeHideGiven, secretsIn } from './cli/given-secrets.js';
import { runProgram } from './cli/program.js';
import type { Terminal } from './cli/terminal.js';
import { writeAll } from './cli/write-all.js';
import { unverifiedTls } from './cli/tls-warning.js';
import { hideSecrets } from './desired/hide-secrets.js';
import type { Launch } from './start/launch.js';
import type { Clock } from './time/clock.js';

const graceMs = 5_000;

const clock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

// Node's types promise a boolean, but what is no terminal has no such property at all.
const isTerminal = (stream: { readonly isTTY?: boolean }): boolean => stream.isTTY === true;

const colorsFor = (stream: NodeJS.WriteStream) => {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const refused = NO_COLOR !== undefined && NO_COLOR !== '';
  return picocolors.createColors(!refused && (wanted || (isTerminal(stream) && TERM !== 'dumb')));
};

// Behind everything that hides what a URL carries: a proxy may have addresses of another shape.
const hideGiven = makeHideGiven(process.env);

const terminal: Terminal = {
  out: (text) => void process.stdout.write(hideGiven(text)),
  outAll: (pieces) => writeAll(process.stdout, pieces, hideGiven),
  err: (text) => void process.stderr.write(hideGiven(text)),
  input: async () => (await import('./input.js')).readInput(),
  giveBack: (text) => void process.stdout.write(text),
  outColors: colorsFor(process.stdout),
  errColors: colorsFor(process.stderr),
  errIsTerminal: isTerminal(process.stderr),
  outRows: () => (isTerminal(process.stdout) ? O.some(process.stdout.rows) : O.none),
  // Only who asks needs standard input, and Node makes it when it is first touched.
  get interactive() {
    return isTerminal(process.stdin) && isTerminal(process.stderr);
  },
  ask: (question) => async () => (await import('./input.js')).ask(question),
  onSignal: (handler, late) => {
    let told = false;
    const onSignal = (signal: string): void => {
      if (told) process.exit(late);
      told = true;
      setTimeout(() => process.exit(late), graceMs).unref();
      handler(signal);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  },
  onReload: (handler) => {
    process.on('SIGHUP', handler);
    return () => void process.off('SIGHUP', handler);
  },
};

// Whoever reads may stop reading (`holdfast plan | head`); that is no failure, and no reason for a daemon to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// Certificates are verified whatever this says (`catapult/exchange.ts`); left in place, it would make Node warn that
// they are not.
const env = { ...process.env };
Reflect.deleteProperty(process.env, unverifiedTls);

export const start = async ({ mainUrl, shortage }: Launch): Promise<void> => {
  process.on('uncaughtException', (cause) => defect(cause, shortage(cause)));
  process.exitCode = await runProgram(process.argv.slice(2), {
    terminal,
    env,
    clock,
    random: Math.random,
    version: versionBeside(mainUrl),
    process: { pid: process.pid, host: hostname(), sinceMs: Date.now() },
  });
};

const versionBeside = (mainUrl: string): string => {
  const text = readFileSync(new URL('../package.json', mainUrl), 'utf8');
  const decoded = t.type({ version: t.string }).decode(JSON.parse(text));
  return E.isRight(decoded) ? decoded.right.version : 'unknown';
};

/** People get one sentence; the trace is for a report. */
const defect = (cause: unknown, shortage: string | undefined): never => {
  const { message, stack } = E.toError(cause);
  const scrub = makeScrub([
    env['BANDWIDTH_API_TOKEN'] ?? '',
    env['BANDWIDTH_API_SECRET'] ?? '',
    ...secretsIn(env),
  ]);
  const shown = (text: string): string => hideSecrets(scrub(text));
  terminal.err(`error: ${shortage ?? `a defect in holdfast: ${shown(message)}; please report it`}\n`);
  if (env['HOLDFAST_DEBUG'] === '1') terminal.err(`${shown(stack ?? '')}\n`);
  return process.exit(exitCodes.failed);
};
