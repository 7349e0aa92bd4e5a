/**
 * Loads the program's files, CommonJS beside each other, with what V8 made of them when they were built: parsing and
 * compiling them takes longer than most plans do. Node has this of its own from 22.1 on (`module.enableCompileCache`).
 *
 * A cache is only a hint. V8 takes one that the same V8 made of the same text with the same flags, and compiles the
 * text as ever where there is none or another.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { Script } from 'node:vm';

/** Beside the file it was made of. */
export const cacheOf = (file: string): string => `${file}.cache`;

export type Load = (file: string) => unknown;

/** Installed packages are found from `main`. `onScript` hears of each file before it runs. */
export const makeLoad = (main: string, onScript: (file: string, script: Script) => void): Load => {
  const requireInstalled = createRequire(main);
  const loaded = new Map<string, { readonly exports: unknown }>();

  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const script = compile(file);
    onScript(file, script);
    const require = (name: string): unknown =>
      name.startsWith('.') ? load(resolve(dirname(file), name)) : requireInstalled(name);
    const module = { exports: {} };
    loaded.set(file, module);
    try {
      runAs(script, [module.exports, require, module, file, dirname(file)]);
    } catch (cause) {
      // As Node does: half of it is nothing to go on with, and the next attempt may succeed.
      loaded.delete(file);
      throw cause;
    }
    return module.exports;
  };
  return load;
};

const compile = (filename: string): Script => {
  // The build leaves nothing but ASCII.
  const text = readFileSync(filename, 'latin1');
  // In one line with the text, so that line numbers stay what they are.
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
  const cachedData = readCache(filename);
  return new Script(wrapped, cachedData === undefined ? { filename } : { filename, cachedData });
};

const readCache = (filename: string): Buffer | undefined => {
  try {
    return readFileSync(cacheOf(filename));
  } catch {
    return undefined;
  }
};

const runAs = (script: Script, args: readonly unknown[]): void => {
  const run: unknown = script.runInThisContext();
  if (typeof run === 'function') Reflect.apply(run, undefined, args);
};
