/**
 * End-to-end tests run the built program: it must be what the source says. `npm test` builds first, and then
 * there is nothing to do here; vitest run alone builds when something under src is newer.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const setup = (): void => {
  if (!isFresh()) execFileSync('npm', ['run', 'build'], { stdio: 'inherit' });
};

const isFresh = (): boolean => {
  const output = existsSync('dist') ? allBelow('dist').filter((path) => /\.c?js$/.test(path)) : [];
  const oldestOutputMs = Math.min(...output.map(changedMs));
  return output.length > 0 && inputs().every((path) => changedMs(path) <= oldestOutputMs);
};

/** Folders, too: a deleted source file shows only in the time of its folder. */
const inputs = (): readonly string[] => [
  'package.json',
  'rolldown.config.js',
  'tsconfig.json',
  'tsconfig.build.json',
  'src',
  ...allBelow('src'),
];

const allBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

const changedMs = (path: string): number => statSync(path).mtimeMs;
