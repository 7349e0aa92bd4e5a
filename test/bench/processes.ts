/** Programs run as people run them: a fresh process each time, whose whole life is measured. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
}

export const node = (words: readonly string[], folder: string): Command => ({
  program: process.execPath,
  words,
  folder,
});

/** The built program. */
export const holdfast = (words: readonly string[], folder: string): Command =>
  node([join(process.cwd(), 'dist', 'main.cjs'), ...words], folder);

/** A program of the benchmark itself, by the name of its module. */
export const helper = (name: string, words: readonly string[], folder: string): Command =>
  node([fileURLToPath(new URL(`./${name}.js`, import.meta.url)), ...words], folder);

/** How long it took. What it writes is thrown away. */
export const timeOf = (command: Command): number => {
  const began = performance.now();
  const { status, stderr, error } = runSync(command, []);
  const tookMs = performance.now() - began;
  if (status !== 0) throw new Error(`${command.words.join(' ')}: ${error?.message ?? stderr}`);
  return tookMs;
};

export const isInstalled = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** The most memory that a Node program had at any time, in MB (10⁶ bytes). */
export const peakMemoryOf = (command: Command): number => {
  const { stderr } = runSync(command, ['--import', `data:text/javascript,${encodeURIComponent(tellPeak)}`]);
  const kilobytes = Number(/peak ([0-9]+)/.exec(stderr)?.[1]);
  return (kilobytes * 1_024) / 1_000_000;
};

const tellPeak = `process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS + '\\n'));`;

const runSync = ({ program, words, folder }: Command, before: readonly string[]) =>
  spawnSync(program, [...before, ...words], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1_000_000_000,
  });

export interface Running {
  readonly pid: number;
  /** The next line on either output that `take` makes something of. Rejects when the program ends before. */
  readonly next: <A>(take: (line: string) => A | undefined) => Promise<A>;
  readonly stop: () => Promise<void>;
}

export const start = ({ program, words, folder }: Command): Running => {
  const child: ChildProcess = spawn(program, words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listeners = new Set<(line: string) => void>();
  for (const input of [child.stdout, child.stderr])
    if (input !== null)
      createInterface({ input }).on('line', (line) => {
        for (const listener of listeners) listener(line);
      });
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  return {
    pid: child.pid ?? 0,
    next: (take) =>
      new Promise((done, fail) => {
        const listener = (line: string): void => {
          const found = take(line);
          if (found === undefined) return;
          listeners.delete(listener);
          done(found);
        };
        listeners.add(listener);
        void ended.then(() => fail(new Error(`${words.join(' ')} has ended`)));
      }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};

/** Nobody checks the credentials. Certificates of one's own take Node as long to read as it takes to start. */
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_EXTRA_CA_CERTS: undefined,
  BANDWIDTH_USER_ID: 'u-1',
  BANDWIDTH_API_TOKEN: 't-1',
  BANDWIDTH_API_SECRET: 's-1',
  BANDWIDTH_API_ENDPOINT: 'http://127.0.0.1:1',
};
