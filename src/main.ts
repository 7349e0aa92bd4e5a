#!/usr/bin/env node
/**
 * Loads the program, and nothing else: where a machine runs out of file descriptors meanwhile, people are told so in
 * one sentence.
 */
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeLoad } from './start/code-cache.js';
import { loadProgram, type Program } from './start/load-program.js';

const shortage = (cause: unknown): string | undefined => {
  const message = cause instanceof Error ? cause.message : '';
  return saysNoFile.test(message) || (/^Cannot find /.test(message) && isOutOfDescriptors())
    ? 'too many files are open: raise the limit (ulimit -n)'
    : undefined;
};

const saysNoFile = /^E[MN]FILE\b/;

/**
 * Where no file can be opened any more while Node looks for a package, Node says that the package is missing; what it
 * held open meanwhile may be free again, so more than one is tried.
 */
const isOutOfDescriptors = (): boolean => {
  const opened: number[] = [];
  try {
    while (opened.length < 16) opened.push(openSync('/dev/null', 'r'));
    return false;
  } catch (cause) {
    return cause instanceof Error && saysNoFile.test(cause.message);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
};

const loaded = (): Program => {
  try {
    return loadProgram(
      makeLoad(fileURLToPath(import.meta.url), () => undefined),
      import.meta.url,
    );
  } catch (cause) {
    const words = shortage(cause);
    if (words === undefined) throw cause;
    process.stderr.write(`error: ${words}\n`);
    return process.exit(1);
  }
};

void loaded().start({ mainUrl: import.meta.url, shortage });
