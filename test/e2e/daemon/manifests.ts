/** Manifests, and a save that is never half there. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Written under another name and renamed: never half there. */
export const save = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.draft-${process.hrtime.bigint()}`);
  writeFileSync(draft, text);
  renameSync(draft, path);
};

export type SettingsText = Readonly<Record<string, string | number | boolean>>;

export const manifest = (conferences: Readonly<Record<string, SettingsText>>): string =>
  [
    'conferences:',
    ...Object.entries(conferences).flatMap(([id, settings]) => [
      `  ${id}:`,
      ...Object.entries(settings).map(([name, value]) => `    ${name}: ${value}`),
    ]),
    '',
  ].join('\n');
