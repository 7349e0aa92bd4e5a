/**
 * What `apply` costs beyond the network: whole processes, first call to last and all that stands before, over a
 * client that does nothing but send, at the same concurrency.
 */
import { join } from 'node:path';
import { interleave } from '../interleave.js';
import { isInstalled, timeOf } from '../processes.js';
import { atMost, ratio, reportOf, type Row } from '../row.js';
import type { Section } from '../section.js';
import { inTemporaryFolder } from '../temporary-folder.js';
import { applyOf, curlOf, floorOf, forgetEverything, makeFolder, startApi, type Api } from './applied.js';

const count = 3_000;
const latencyMs = 20;

export const applySection: Section = {
  name: 'apply',
  run: ({ runs }) =>
    inTemporaryFolder(async (folder) => {
      const declared = join(folder, 'declared');
      makeFolder(declared, count);
      const api = await startApi(latencyMs, folder);
      try {
        const hasCurl = isInstalled('curl');
        return reportOf([
          {
            title: `apply of ${count} conferences, ${latencyMs} ms latency, as fast as it goes`,
            rows: [
              await applyRow(declared, api, Math.min(runs, 5)),
              ...(hasCurl ? [await curlRow(declared, api, Math.min(runs, 5))] : []),
            ],
            leftOut: hasCurl ? [] : ['curl -Z is left out: curl is not installed'],
          },
        ]);
      } finally {
        await api.server.stop();
      }
    }),
};

const applyRow = async (folder: string, { port }: Api, runs: number): Promise<Row> => {
  const { oursMs, referenceMs } = await interleave(
    runs,
    () => timeOf(floorOf(folder, port, count)),
    () => {
      forgetEverything(folder);
      return timeOf(applyOf(folder, port));
    },
  );
  return ratio('apply, over node:http with kept connections', oursMs, referenceMs, atMost(1.15));
};

const curlRow = async (folder: string, { port }: Api, runs: number): Promise<Row> => {
  const { oursMs, referenceMs } = await interleave(
    runs,
    () => timeOf(floorOf(folder, port, count)),
    () => timeOf(curlOf(folder, port, count)),
  );
  return ratio('peer: curl -Z, over node:http', oursMs, referenceMs);
};
