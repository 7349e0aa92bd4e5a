/**
 * What `watch` costs where it waits on nothing: until it is ready, while it watches, and from a save to the arrival of
 * the call at an API on this machine.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { interleave } from '../interleave.js';
import { documentOf, fileOf, writeFiles } from '../manifests.js';
import { applied, forget, planOf } from '../plan/cases.js';
import { helper, holdfast, start, timeOf, type Command, type Running } from '../processes.js';
import { atMost, quantile, ratio, reportOf, type Row } from '../row.js';
import type { Section } from '../section.js';
import { settle } from '../settle.js';
import { inTemporaryFolder } from '../temporary-folder.js';

export const watchSection: Section = {
  name: 'watch',
  run: ({ n, runs }) =>
    inTemporaryFolder(async (folder) => {
      const watched = await applied(join(folder, 'watched'), writeFiles, n);
      settle();
      const rows = [
        await readyRow(watched, runs),
        await followerRow(watched, runs),
        await watchesRow(watched, n),
        ...(await saveRows(watched, n)),
      ];
      return reportOf([{ title: `watch, ${n} files in folders of 100`, rows, leftOut: [] }]);
    }),
};

const readyRow = async (folder: string, runs: number): Promise<Row> => {
  const { oursMs, referenceMs } = await interleave(
    Math.min(runs, 5),
    () => {
      forget(folder);
      return timeOf(planOf(folder));
    },
    async () => {
      const began = performance.now();
      const daemon = start(watchOf(folder, 1));
      await daemon.next(settledIn);
      const tookMs = performance.now() - began;
      await daemon.stop();
      return tookMs;
    },
  );
  return ratio(
    'from the start until all is seen and compared, over a cold plan',
    oursMs,
    referenceMs,
    atMost(1.5),
  );
};

/** Nothing is read for drift: what arrives at the API is a call. */
const watchOf = (folder: string, port: number): Command =>
  holdfast(
    [
      'watch',
      '--rate',
      'unlimited',
      '--drift',
      'ignore',
      '--log-format',
      'json',
      '--endpoint',
      `http://127.0.0.1:${port}`,
    ],
    folder,
  );

const settledIn = (line: string): true | undefined => (line.includes('"event":"settled"') ? true : undefined);

/** The watching alone, in a process of its own. */
const followerRow = async (folder: string, runs: number): Promise<Row> => {
  const grown: number[] = [];
  const times: number[] = [];
  for (let run = 0; run < Math.min(runs, 5); run += 1) {
    const command = helper('follower', ['desired'], folder);
    const follower = start({ ...command, words: ['--expose-gc', ...command.words] });
    const told = await follower.next(
      (line) => /tookMs":([0-9.]+),"grownBytes":([0-9]+)/.exec(line) ?? undefined,
    );
    times.push(Number(told[1]));
    grown.push(Number(told[2]));
    await follower.stop();
  }
  return {
    name: 'memory of watching',
    value: quantile(grown, 0.5) / 1_000_000,
    unit: 'MB',
    from: `watched after ${quantile(times, 0.5).toFixed(0)} ms`,
    target: atMost(15),
  };
};

/** Of the whole daemon, as the system counts them. */
const watchesRow = async (folder: string, n: number): Promise<Row> => {
  const daemon = start(watchOf(folder, 1));
  await daemon.next(settledIn);
  const folders = Math.ceil(n / 100) + 1;
  const value = await watchesOf(daemon, folders);
  await daemon.stop();
  return {
    name: 'inotify watches',
    value,
    unit: 'watches',
    from: `${folders} folders`,
    target: atMost(folders),
  };
};

/** Folders are opened while the first look is taken, and may take longer. */
const watchesOf = async ({ pid }: Running, expected: number): Promise<number> => {
  const descriptors = `/proc/${pid}/fdinfo`;
  for (let tries = 100; ; tries -= 1) {
    const found = readdirSync(descriptors)
      .map((name) => textOf(join(descriptors, name)).match(/^inotify /gm)?.length ?? 0)
      .reduce((sum, count) => sum + count, 0);
    if (found >= expected || tries === 0) return found;
    await setTimeout(50);
  }
};

/** Descriptors come and go. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** `settleMs` of `src/reconcile/look-timer.ts`: a file that is being written is left alone for so long. */
const settleMs = 20;
const saves = 200;

const saveRows = async (folder: string, n: number): Promise<readonly Row[]> => {
  let arrived: () => void = () => undefined;
  const server = await listen(() => arrived());
  const daemon: Running = start(watchOf(folder, server.port));
  const took: number[] = [];
  try {
    await daemon.next(settledIn);
    for (let save = 0; save < saves; save += 1) {
      const called = new Promise<void>((done) => (arrived = done));
      const settled = daemon.next(settledIn);
      const path = fileOf(folder, save % n);
      writeFileSync(`${path}.new`, documentOf(save % n, save));
      const began = performance.now();
      renameSync(`${path}.new`, path);
      await called;
      took.push(performance.now() - began);
      await settled;
    }
  } finally {
    await daemon.stop();
    server.server.close();
  }
  const from = `${saves} saves, of which ${settleMs} ms are waiting for the writer`;
  const promised = n <= 1_000;
  const row = (name: string, share: number, target: number): Row => ({
    name,
    value: quantile(took, share),
    unit: 'ms',
    from,
    target: promised ? atMost(settleMs + target) : undefined,
  });
  return [row('save to arrival of the call, p50', 0.5, 8), row('save to arrival of the call, p99', 0.99, 25)];
};

const listen = (onCall: () => void): Promise<{ readonly port: number; readonly server: Server }> =>
  new Promise((done) => {
    const server = createServer((request, response) => {
      onCall();
      request.resume().on('end', () => response.writeHead(200, { 'content-length': 0 }).end());
    });
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address !== null && typeof address === 'object') done({ port: address.port, server });
    });
  });
