/** What is measured of `plan`, and what it may take. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf, fileOf, recordApplied, stateIn, writeFiles, writeOneFile } from '../manifests.js';
import { holdfast, node, type Command } from '../processes.js';
import { atMost, type Target } from '../row.js';

export interface PlanCase {
  readonly name: string;
  readonly folder: string;
  readonly reference: 'walk' | 'node';
  /** Before each run of the case. */
  readonly prepare: (run: number) => void;
  readonly target: Target | undefined;
}

export interface PlanFolders {
  readonly many: string;
  readonly one: string;
  readonly big: string;
}

/** Everything in them is applied. */
export const makeFolders = async (folder: string, n: number): Promise<PlanFolders> => ({
  many: await applied(join(folder, 'many'), writeFiles, n),
  one: await applied(join(folder, 'one'), writeFiles, 1),
  big: await applied(join(folder, 'big'), writeOneFile, documentsIn(n)),
});

/** A manifest has at most 16 MiB. */
const documentsIn = (n: number): number => Math.min(n, 50_000);

/** With few files the start of the program is most of it, and nothing is promised. */
export const casesOf = ({ many, one, big }: PlanFolders, n: number): readonly PlanCase[] => {
  const hundredth = Math.max(1, Math.floor(n / 100));
  const change = (count: number) => (run: number) => {
    for (let number = 0; number < count; number += 1) edit(many, number * 100 + 7, n, run);
  };
  const at10000 = (value: number): Target | undefined => (n === 10_000 ? atMost(value) : undefined);
  const unchanged = n === 10_000 ? atMost(1.6) : n === 100_000 ? atMost(1.8) : undefined;
  const documents = documentsIn(n);
  const common = { reference: 'walk', folder: many, prepare: nothing } as const;
  return [
    { ...common, name: 'nothing changed', target: unchanged },
    { ...common, name: 'one file changed', prepare: change(1), target: at10000(2) },
    { ...common, name: '1 % of the files changed', prepare: change(hundredth), target: at10000(2.4) },
    { ...common, name: 'cold: no index', prepare: () => forget(many), target: at10000(8) },
    { ...common, name: `${documents} in one file, nothing changed`, folder: big, target: undefined },
    {
      ...common,
      name: `${documents} in one file, one document changed`,
      folder: big,
      prepare: (run) => writeOneFile(big, documents, run),
      target: undefined,
    },
    { name: 'one file', folder: one, reference: 'node', prepare: nothing, target: atMost(2) },
  ];
};

const nothing = (): void => undefined;

/** The index lies beside the state, and may be deleted at any time. */
export const forget = (folder: string): void => rmSync(`${stateIn(folder)}.index`, { force: true });

/** A folder in which everything is applied. */
export const applied = async (
  folder: string,
  write: (folder: string, n: number) => void,
  n: number,
): Promise<string> => {
  mkdirSync(folder);
  write(folder, n);
  const before = process.cwd();
  process.chdir(folder);
  await recordApplied('desired', stateIn(folder));
  process.chdir(before);
  return folder;
};

const edit = (folder: string, number: number, n: number, run: number): void => {
  if (number < n) writeFileSync(fileOf(folder, number), documentOf(number, run));
};

export const planOf = (folder: string): Command => holdfast(['plan'], folder);

/** As much as any program has to do that does not remember what it saw by anything else. */
export const walkOf = (folder: string): Command => node(['--input-type=module', '-e', walkText], folder);

const walkText = `
  import { readdirSync, statSync } from 'node:fs';
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = folder + '/' + entry.name;
      if (entry.isDirectory()) walk(path);
      else statSync(path, { bigint: true });
    }
  };
  walk('desired');`;
