/**
 * What a test of the whole program works with: a folder of its own, processes, servers. All of it is gone when the
 * test ends, however it ends. Every test is a canary as well: no output and no file of a run, but the
 * manifests and saved plans, shows the token, the secret or a password.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import {
  runHoldfast,
  secrets,
  spawnHoldfast,
  type Environment,
  type HoldfastProcess,
  type Ran,
} from './holdfast-process.js';
import { startSandbox, type SandboxProcess } from './sandbox-process.js';
import { scriptedApi, type Handler, type ScriptedApi } from './scripted-api.js';
import { startTerminal } from './terminal-process.js';

export interface Bench {
  /** Where every process runs. */
  readonly folder: string;
  /** Writes a file below the folder, and the folders it needs. */
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly read: (path: string) => string;
  readonly run: (args: readonly string[], env?: Environment) => Promise<Ran>;
  readonly start: (args: readonly string[], env?: Environment) => HoldfastProcess;
  readonly terminal: (args: readonly string[], env?: Environment) => HoldfastProcess;
  readonly sandbox: (args?: readonly string[]) => Promise<SandboxProcess>;
  readonly api: (handler?: Handler) => Promise<ScriptedApi>;
}

/** `it('...', async ({ bench }) => ...)` */
export const it = test.extend<{ bench: Bench }>({
  // Vitest reads from the pattern which fixtures this one needs: none.
  // eslint-disable-next-line no-empty-pattern
  bench: async ({}, use) => {
    await withTempDir((folder) => withBench(folder, use));
  },
});

const withTempDir = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const withBench = async (folder: string, use: (bench: Bench) => Promise<void>): Promise<void> => {
  const started: HoldfastProcess[] = [];
  const apis: ScriptedApi[] = [];
  const keep = (one: HoldfastProcess): HoldfastProcess => {
    started.push(one);
    return one;
  };
  const ran: Ran[] = [];
  const start: Bench['start'] = (args, env = {}) => keep(spawnHoldfast(args, { cwd: folder, env }));
  try {
    await use({
      folder,
      write: (path, content) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      },
      read: (path) => readFileSync(join(folder, path), 'utf8'),
      start,
      run: async (args, env = {}) => {
        const result = await runHoldfast(args, { cwd: folder, env });
        ran.push(result);
        return result;
      },
      terminal: (args, env = {}) => keep(startTerminal(args, { cwd: folder, env })),
      sandbox: async (args = []) => {
        const sandbox = await startSandbox(args, { cwd: folder });
        started.push(sandbox.process);
        return sandbox;
      },
      api: async (handler) => {
        const api = await scriptedApi(handler);
        apis.push(api);
        return api;
      },
    });
  } finally {
    for (const one of started) one.signal('SIGKILL');
    await Promise.allSettled(started.map(({ ended }) => ended));
    await Promise.all(apis.map(({ close }) => close()));
  }
  const outputs = [...ran, ...started.map((one) => ({ stdout: one.stdout(), stderr: one.stderr() }))];
  for (const { stdout, stderr } of outputs) findLeak(stdout + stderr, 'an output', Object.values(secrets));
  for (const path of filesOf(folder)) {
    findLeak(readFileSync(path, 'latin1'), path, [secrets.token, secrets.secret]);
  }
};

const findLeak = (text: string, where: string, hidden: readonly string[]): void => {
  const shown = hidden.find((one) => text.includes(one));
  if (shown !== undefined) throw new Error(`${where} shows ${shown}:\n${text.slice(0, 4000)}`);
};

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
