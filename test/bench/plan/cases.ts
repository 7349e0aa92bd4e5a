/** What is measured, and what it may take. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf, fileOf, recordApplied, stateIn, writeFiles, writeOneFile } from './folder.js';

export interface PlanCase {
  readonly name: string;
  /** Arguments of Node, in `folder`. */
  readonly words: readonly string[];
  readonly reference: readonly string[];
  readonly folder: string;
  /** Before each run of the case. */
  readonly prepare: (run: number) => void;
  /** undefined: with so few files the start of the program is most of it, and nothing is promised. */
  readonly target: number | undefined;
}

export const casesOf = async (folder: string, n: number): Promise<readonly PlanCase[]> => {
  const many = await applied(join(folder, 'many'), writeFiles, n);
  const one = await applied(join(folder, 'one'), writeFiles, 1);
  const big = await applied(join(folder, 'big'), writeOneFile, n);
  const plan = [join(process.cwd(), 'dist', 'main.js'), 'plan'];
  const walk = ['--input-type=module', '-e', walkText];
  const hundredth = Math.max(1, Math.floor(n / 100));
  const change = (count: number) => (run: number) => {
    for (let number = 0; number < count; number += 1) edit(many, number * 100 + 7, n, run);
  };
  const restore = () => {
    for (let number = 0; number < hundredth; number += 1) edit(many, number * 100 + 7, n, undefined);
  };
  const from10000 = (target: number) => (n < 10_000 ? undefined : target);
  const common = { words: plan, reference: walk, folder: many };
  return [
    { ...common, name: 'nothing changed', prepare: () => undefined, target: from10000(1.6) },
    { ...common, name: 'one file changed', prepare: change(1), target: from10000(2) },
    { ...common, name: '1 % of the files changed', prepare: change(hundredth), target: from10000(2.4) },
    {
      ...common,
      name: 'as many in one file, nothing changed',
      folder: big,
      prepare: restore,
      target: from10000(1.6),
    },
    {
      name: 'one file, over `node -e 0`',
      words: plan,
      reference: ['-e', '0'],
      folder: one,
      prepare: restore,
      target: 2,
    },
  ];
};

/** A folder in which everything is applied, and the first plan has been made. */
const applied = async (
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

const edit = (folder: string, number: number, n: number, run: number | undefined): void => {
  if (number >= n) return;
  const text = documentOf(number);
  writeFileSync(
    fileOf(folder, number),
    run === undefined ? text : text.replace(/tag: .*/, `tag: run-${run}`),
  );
};

/** As much as any program has to do that does not remember what it saw by anything else. */
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

/** Standard output and error go nowhere. */
export const runNode = (words: readonly string[], folder: string): void => {
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
};
