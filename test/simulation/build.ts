/** Builds the simulator as one file, from the source as it stands, with or without a planted mistake in it. */
import { resolve, relative } from 'node:path';
import { rolldown } from 'rolldown';
import type { Plant } from './plants.js';

/** Returns the file of the worker. `root`: the top of the repository. */
export const buildWorker = async (root: string, folder: string, plant?: Plant): Promise<string> => {
  const planted = new Set<string>();
  const bundle = await rolldown({
    input: resolve(root, 'test/simulation/worker.ts'),
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      {
        name: 'plant',
        transform: (code, id) => {
          const file = relative(root, id);
          const edits = plant?.edits.filter((edit) => edit.file === file) ?? [];
          return edits.reduce((text, { find, put }) => {
            if (text.split(find).length !== 2) throw new Error(`${file} has not exactly one: ${find}`);
            planted.add(find);
            return text.replace(find, () => put);
          }, code);
        },
      },
    ],
  });
  const { output } = await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'worker.mjs' });
  await bundle.close();
  const missing = plant?.edits.find(({ find }) => !planted.has(find));
  if (missing !== undefined) throw new Error(`nothing was planted in ${missing.file}`);
  return resolve(folder, output[0].fileName);
};
