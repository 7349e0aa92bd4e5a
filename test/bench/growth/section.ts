/** What ten times as many conferences cost: at most a little more than ten times as much. */
import { join } from 'node:path';
import { applyOf, forgetEverything, makeFolder, startApi } from '../apply/applied.js';
import { interleave } from '../interleave.js';
import { writeFiles } from '../manifests.js';
import { applied, forget, planOf } from '../plan/cases.js';
import { timeOf } from '../processes.js';
import { atMost, ratio, reportOf, type Row } from '../row.js';
import type { Section } from '../section.js';
import { settle } from '../settle.js';
import { inTemporaryFolder } from '../temporary-folder.js';

const few = 10_000;
const many = 100_000;

export const growthSection: Section = {
  name: 'growth',
  run: ({ runs }) =>
    inTemporaryFolder(async (folder) => {
      const times = Math.min(runs, 3);
      const rows = [...(await planRows(folder, times)), await applyRow(folder, Math.min(times, 2))];
      return reportOf([{ title: `from ${few} to ${many} conferences`, rows, leftOut: [] }]);
    }),
};

const planRows = async (folder: string, runs: number): Promise<readonly Row[]> => {
  const small = await applied(join(folder, 'small'), writeFiles, few);
  const large = await applied(join(folder, 'large'), writeFiles, many);
  settle();
  const cold = await interleave(
    runs,
    () => coldPlan(small),
    () => coldPlan(large),
  );
  const warm = await interleave(
    runs,
    () => timeOf(planOf(small)),
    () => timeOf(planOf(large)),
  );
  return [
    ratio('plan, cold', cold.oursMs, cold.referenceMs, atMost(11)),
    ratio('plan, nothing changed', warm.oursMs, warm.referenceMs, atMost(11)),
  ];
};

const coldPlan = (folder: string): number => {
  forget(folder);
  return timeOf(planOf(folder));
};

/** Without latency, so that all of it is ours. */
const applyRow = async (folder: string, runs: number): Promise<Row> => {
  const small = join(folder, 'small-new');
  const large = join(folder, 'large-new');
  makeFolder(small, few);
  makeFolder(large, many);
  const { port, server } = await startApi(0, folder);
  const applyAll = (declared: string): number => {
    forgetEverything(declared);
    return timeOf(applyOf(declared, port));
  };
  try {
    const { oursMs, referenceMs } = await interleave(
      runs,
      () => applyAll(small),
      () => applyAll(large),
    );
    return ratio('apply of all, no latency', oursMs, referenceMs, atMost(11));
  } finally {
    await server.stop();
  }
};
