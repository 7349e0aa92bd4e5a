/** The program behind its entry. */
import { fileURLToPath, URL } from 'node:url';
import type { Load } from './code-cache.js';
import type { Launch } from './launch.js';

export interface Program {
  readonly start: (launch: Launch) => Promise<void>;
}

/** Throws what loading throws. */
export const loadProgram = (load: Load, mainUrl: string): Program => {
  const loaded = load(fileURLToPath(new URL('chunks/process.cjs', mainUrl)));
  if (!isProgram(loaded))
    throw new Error('chunks/process.cjs is not the program: the installation is damaged');
  return loaded;
};

const isProgram = (value: unknown): value is Program =>
  typeof value === 'object' && value !== null && 'start' in value && typeof value.start === 'function';
