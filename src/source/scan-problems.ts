/** What can be wrong with a directory of manifests and with what lies in it, apart from the text. */
import { brokenFile, tooLarge } from '../desired/broken-file.js';
import { hideSecrets, invisible } from '../desired/hide-secrets.js';
import type { ManifestFile } from '../desired/manifest.js';
import type { Problem, Rule } from '../desired/problem.js';

/**
 * A path below the directory as people wrote the directory; what could confuse a terminal is escaped.
 * By mistake, the directory can be a URL with a password.
 */
export const shownPath = (directory: string, relative: string): string => shownBelow(directory)(relative);

/** The same for many paths. */
export const shownBelow = (directory: string): ((relative: string) => string) => {
  const base = hideSecrets(directory).replace(/(?<=.)\/+$/, '');
  const folder = base === '' || base === '/' ? base : `${base}/`;
  return (relative) => {
    const path = relative === '' ? base : `${folder}${relative}`;
    if (isPlain.test(path)) return path;
    return path.replace(
      invisible,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  };
};

const isPlain = /^[ -~]*$/;

export const unreadableFile = (path: string, why: string): ManifestFile =>
  brokenFile(path, 'unreadable-file', `the file cannot be read: ${why}`, hintFor(path));

export const oversizedFile = tooLarge;

export const unreadableFolder = (path: string, code: string): Problem =>
  problemAt(path, 'unreadable-file', `the folder cannot be read: ${reason(code)}`, '');

export const unusableDirectory = (path: string, code: string): Problem => {
  if (code === 'ENOENT')
    return problemAt(
      path,
      'missing-directory',
      'there is no such directory',
      'name the one with the manifests',
    );
  if (code === 'ENOTDIR')
    return problemAt(path, 'missing-directory', 'this is no directory', 'name the directory, not a file');
  return unreadableFolder(path, code);
};

/** An error code of the operating system in words. */
export const reason = (code: string): string => reasons[code] ?? code;

export const vanished = 'it vanished while it was read';

const reasons: Partial<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'the symbolic link leads back to itself',
  ENOENT: vanished,
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

const hintFor = (path: string): string =>
  path.includes('\uFFFD') ? 'rename it: its name is not valid UTF-8' : '';

const problemAt = (path: string, rule: Rule, message: string, hint: string): Problem => ({
  at: { path, line: 1, column: 1 },
  severity: 'error',
  rule,
  message,
  hint,
});
