/**
 * Which files of a commit are manifests: the same names that count in a directory (`scan-tree.ts`). Pure.
 *
 * Git knows names as bytes. They are kept as such, one character a byte, and made text where they are shown.
 */
import * as E from 'fp-ts/lib/Either.js';
import { isManifestName } from '../manifest-name.js';
import { damage, type GitFailure } from './git-failure.js';

export interface Listed {
  /** In the order of their bytes. */
  readonly manifests: readonly TreeFile[];
  /** Symbolic links under the name of a manifest: where they lead is asked of git. */
  readonly links: readonly RawName[];
  /** Repositories within the repository: nothing in them is read. */
  readonly submodules: readonly RawName[];
}

export interface TreeFile {
  readonly name: RawName;
  readonly blob: string;
  readonly bytes: number;
}

/** Relative to the folder that was listed; one character a byte. */
export type RawName = string;

/**
 * What `git ls-tree -r -l -z` printed, one character a byte. Left: a manifest whose size is not known, as its blob is
 * missing, or anything else that is not understood. Nothing of that may be taken for a file that is not there.
 */
export const readTree = (output: string): E.Either<GitFailure, Listed> => {
  const manifests: TreeFile[] = [];
  const links: RawName[] = [];
  const submodules: RawName[] = [];
  for (const line of output.split('\0')) {
    if (line === '') continue;
    const [, mode, blob, size, name] = entryPattern.exec(line) ?? [];
    if (name === undefined || blob === undefined) return E.left(damage('git lists what is no file'));
    if (isHidden(name)) continue;
    if (mode === submoduleMode) submodules.push(name);
    else if (!isManifestName(name)) continue;
    else if (size === unknownSize) return E.left(damage(`missing blob ${blob}`));
    else if (mode === linkMode) links.push(name);
    else manifests.push({ name, blob, bytes: Number(size) });
  }
  return E.right({ manifests, links, submodules });
};

/**
 * A name for people: bytes that are no UTF-8 are written `\xff`, and a backslash `\\`, so that two names never become
 * one.
 */
export const showName = (name: RawName): string => {
  const plain = name.replaceAll('\\', '\\\\');
  const bytes = Buffer.from(plain, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes)
    ? text
    : plain.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
};

const entryPattern = /^([0-7]{6}) [a-z]+ ([0-9a-f]{40,64}) +(-|BAD|[0-9]+)\t([^]+)$/;
const unknownSize = 'BAD';
const linkMode = '120000';
const submoduleMode = '160000';

const isHidden = (name: RawName): boolean => name.startsWith('.') || name.includes('/.');
