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
