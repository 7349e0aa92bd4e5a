/**
 * The manifests that are said to have changed, looked at without the others. Others may have changed unnoticed:
 * whoever takes a glimpse takes a look soon.
 *
 * Law: where no other file has changed, this is what a look finds.
 */
import { basename, relative, resolve, sep } from 'node:path';
import * as O from 'fp-ts/lib/Option.js';
import { isBroken } from '../desired/broken-file.js';
import type { ManifestFile } from '../desired/manifest.js';
import { isManifestName } from './manifest-name.js';
import { lookAt, type Known, type Scan } from './scan.js';
import { withLine } from './to-observation.js';

/** What a look left behind. */
export interface Looked extends Scan {
  /** What its revision is the digest of. */
  readonly text: string;
}

export interface Glimpsed {
  /** By path, whoever was named. */
  readonly known: ReadonlyMap<string, Known>;
  /** As if everything had been seen. */
  readonly text: string;
  readonly changed: readonly ManifestFile[];
}

/** More than these are a checkout, and taken as a whole. */
export const mostFiles = 32;

/**
 * `paths`: of entries that are said to have changed. none: only a look at everything can tell what that means, as none
 * of them is a manifest that is known, or one is new, gone or broken.
 */
export const glimpseFiles = (
  directory: string,
  before: Looked,
  paths: ReadonlySet<string>,
  now: () => number,
): O.Option<Glimpsed> => {
  if (paths.size > mostFiles || before.unreadable.size > 0 || before.unlisted.length > 0) return O.none;
  const root = resolve(directory);
  const manifests = [...paths]
    .map((path) => relative(root, path).replaceAll(sep, '/'))
    // What editors leave beside a manifest. A folder is hinted at once more when it is watched.
    .filter((path) => before.known.has(path) || isManifestName(basename(path)));
  const known = new Map<string, Known>();
  const changed: ManifestFile[] = [];
  let { text } = before;
  for (const path of manifests) {
    const was = before.known.get(path);
    const is = was === undefined ? undefined : knownNow(directory, path, was, now);
    if (was === undefined || is === undefined) return O.none;
    known.set(path, is);
    if (is.file === was.file) continue;
    changed.push(is.file);
    text = withLine(text, { relative: path, digest: was.digest }, { relative: path, digest: is.digest });
  }
  return manifests.length === 0 ? O.none : O.some({ known, text, changed });
};

const knownNow = (directory: string, path: string, was: Known, now: () => number): Known | undefined => {
  const look = lookAt(directory, path, was, now);
  return look._tag === 'Known' && !isBroken(look.known.file) ? look.known : undefined;
};
