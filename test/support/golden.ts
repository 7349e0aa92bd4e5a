/**
 * Golden files: what a person or a script reads, kept as it is read and reviewed as code.
 * `HOLDFAST_GOLDEN=update` writes them anew.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** `path` is below `test/golden`. */
export const expectGolden = (path: string, actual: string): void => {
  const file = goldenPath(path);
  if (process.env['HOLDFAST_GOLDEN'] === 'update') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  expect(actual, `${path} (HOLDFAST_GOLDEN=update writes it anew)`).toBe(expected);
};

/** The files in a folder below `test/golden`, sorted: a file that no test compares is a leftover. */
export const goldenFiles = (folder: string): readonly string[] => readdirSync(goldenPath(folder)).sort();

const goldenPath = (path: string): string => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
