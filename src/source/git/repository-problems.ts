/** What can be wrong with a commit, apart from the text of its manifests. Pure. */
import type { Problem } from '../../desired/problem.js';

export const submoduleProblem = (path: string): Problem => ({
  at: { path, line: 1, column: 1 },
  severity: 'warning',
  rule: 'ignored-submodule',
  message: 'a submodule is another repository: nothing in it is read',
  hint: 'move its manifests here, or watch that repository with a state of its own',
});

export const missingFolder = (path: string): Problem => ({
  at: { path: path === '' ? '.' : path, line: 1, column: 1 },
  severity: 'error',
  rule: 'missing-directory',
  message: 'the commit has no such folder',
  hint: 'name the folder with the manifests: --path',
});

export const hidingSubmodule = (path: string): Problem => ({
  at: { path, line: 1, column: 1 },
  severity: 'error',
  rule: 'unreadable-file',
  message: 'a submodule takes the place of manifests, and nothing in it is read',
  hint: 'keep the manifests in this repository, or remove them in a commit of its own first',
});

export const hidingFolder = (folder: string, path: string): Problem => ({
  at: { path, line: 1, column: 1 },
  severity: 'error',
  rule: 'missing-directory',
  message: `the folder ${folder} is new, and this file stands outside of it: it is not clear which of them counts`,
  hint: `say so: --path ${folder}, or --path . for all of the repository`,
});
