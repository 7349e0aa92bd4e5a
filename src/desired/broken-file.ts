/** Files that declare nothing because something is wrong with them. Apart from the parser, which most runs do not load. */
import type { ManifestFile } from './manifest.js';
import { isError, type Rule } from './problem.js';

/** 16 MiB. */
export const largestManifestBytes = 16 * 1024 * 1024;

export const isBroken = ({ problems }: ManifestFile): boolean => problems.some(isError);

/** For a file that was not even read. */
export const tooLarge = (path: string): ManifestFile =>
  brokenFile(
    path,
    'file-too-large',
    'the file is larger than 16 MiB and was not read',
    'split it into several files',
  );

/** Nothing is known of it but what is wrong. */
export const brokenFile = (path: string, rule: Rule, message: string, hint: string): ManifestFile => ({
  path,
  declared: [],
  problems: [{ at: { path, line: 1, column: 1 }, severity: 'error', rule, message, hint }],
});
