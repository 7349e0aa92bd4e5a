/** A folder of conferences nobody knows yet, and the commands that send them all. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateIn, writeFiles } from '../manifests.js';
import { helper, holdfast, start, type Command, type Running } from '../processes.js';

/** `maxUnderWay` of `src/apply/account.ts`. */
const concurrency = 40;

export const makeFolder = (folder: string, count: number): void => {
  mkdirSync(folder);
  writeFiles(folder, count);
};

export const forgetEverything = (folder: string): void => {
  rmSync(join(stateIn(folder), '..'), { recursive: true, force: true });
};

export interface Api {
  readonly port: number;
  readonly server: Running;
}

export const startApi = async (latencyMs: number, folder: string): Promise<Api> => {
  const server = start(helper('server', [String(latencyMs)], folder));
  const port = await server.next((line) => /^port ([0-9]+)$/.exec(line)?.[1]);
  return { port: Number(port), server };
};

export const applyOf = (folder: string, port: number): Command =>
  holdfast(['apply', '--yes', '--rate', 'unlimited', '--endpoint', `http://127.0.0.1:${port}`], folder);

export const floorOf = (folder: string, port: number, count: number): Command =>
  helper('floor', [port, count, concurrency].map(String), folder);

export const curlOf = (folder: string, port: number, count: number): Command => {
  const one = (_: unknown, number: number): string =>
    [
      `url = "http://127.0.0.1:${port}/v1/users/u-1/conferences/conf-${number}"`,
      'header = "content-type: application/json"',
      `data = "{\\"mute\\":true,\\"hold\\":false,\\"tag\\":\\"all-hands-${number}\\"}"`,
      'output = "/dev/null"',
      '',
    ].join('\n');
  const config = join(folder, 'curl.config');
  if (!readdirSync(folder).includes('curl.config'))
    writeFileSync(config, Array.from({ length: count }, one).join('next\n'));
  return {
    program: 'curl',
    words: ['-s', '-Z', '--parallel-max', String(concurrency), '-K', config],
    folder,
  };
};
