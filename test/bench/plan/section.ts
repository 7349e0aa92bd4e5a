/**
 * How long `plan` takes: fresh processes of the built program, in turns with a process that only walks and stats the
 * same files. The ratio of the medians is what holds on any machine.
 */
import { interleave } from '../interleave.js';
import { node, peakMemoryOf, timeOf } from '../processes.js';
import { atMost, ratio, reportOf, type Report, type Row, type Target } from '../row.js';
import type { Section } from '../section.js';
import { settle } from '../settle.js';
import { inTemporaryFolder } from '../temporary-folder.js';
import { casesOf, forget, makeFolders, planOf, walkOf, type PlanCase } from './cases.js';
import { gitStatus, terraform } from './peers.js';

export const planSection: Section = {
  name: 'plan',
  run: ({ n, runs }) =>
    inTemporaryFolder(async (folder) => {
      const folders = await makeFolders(folder, n);
      const rows: Row[] = [];
      for (const one of casesOf(folders, n)) rows.push(await rowOf(one, runs));
      rows.push(...memoryOf(folders.many, n));
      const peers = [await gitStatus(folders.many, runs), await terraform(folder, runs)];
      const report: Report = {
        title: `plan, ${n} files`,
        rows: [...rows, ...peers.flatMap((peer) => (typeof peer === 'string' ? [] : [peer]))],
        leftOut: peers.filter((peer) => typeof peer === 'string'),
      };
      return reportOf([report]);
    }),
};

const rowOf = async ({ name, folder, reference, prepare, target }: PlanCase, runs: number): Promise<Row> => {
  const over = reference === 'walk' ? walkOf(folder) : node(['-e', '0'], folder);
  settle();
  // It makes the index.
  timeOf(planOf(folder));
  const { oursMs, referenceMs } = await interleave(
    runs,
    () => timeOf(over),
    (run) => {
      prepare(run);
      return timeOf(planOf(folder));
    },
  );
  const named = reference === 'walk' ? name : `${name}, over \`node -e 0\``;
  return ratio(named, oursMs, referenceMs, target);
};

const memoryOf = (folder: string, n: number): readonly Row[] => {
  const target: Target | undefined = n === 10_000 ? atMost(110) : n === 100_000 ? atMost(350) : undefined;
  forget(folder);
  settle();
  const cold = peakMemoryOf(planOf(folder));
  const warm = peakMemoryOf(planOf(folder));
  const from = `${peakMemoryOf(walkOf(folder)).toFixed(0)} MB for the walk`;
  return [
    { name: 'peak memory, nothing changed', value: warm, unit: 'MB', from, target },
    { name: 'peak memory, cold', value: cold, unit: 'MB', from, target },
  ];
};
