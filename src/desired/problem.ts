/**
 * What is wrong with a manifest, as data. Text, JSON and annotations are made from it in `render/`.
 */
import type { Place } from '../conference/place.js';
import type { Commit } from '../conference/revision.js';

export interface Problem {
  /** The commit that is not taken because of it; absent for files of a directory. */
  readonly commit?: Commit;
  readonly at: Place;
  readonly severity: 'error' | 'warning';
  readonly rule: Rule;
  /** What is wrong, one sentence without a full stop. URL passwords are already masked. */
  readonly message: string;
  /** What to write instead; empty where nothing can be said. */
  readonly hint: string;
  /** Absent where there is no line to show. */
  readonly excerpt?: Excerpt;
}

/** The source line as it may be shown: passwords masked, control characters replaced, shortened when long. */
export interface Excerpt {
  readonly line: string;
  /** Characters before the mark. Differs from `at.column - 1` where something was masked or cut away. */
  readonly caret: number;
  /** Characters to mark, at least one. */
  readonly width: number;
}

/** Stable names: people filter and silence by them. */
export type Rule =
  | 'missing-directory'
  | 'unreadable-file'
  | 'ignored-submodule'
  | 'file-too-large'
  | 'not-formatted'
  | 'invalid-utf8'
  | 'yaml-syntax'
  | 'alias-bomb'
  | 'not-a-mapping'
  | 'unknown-key'
  | 'duplicate-key'
  | 'duplicate-conference'
  | 'invalid-id'
  | 'invalid-name'
  | 'invalid-flag'
  | 'invalid-state'
  | 'invalid-callback-timeout'
  | 'invalid-callback-http-method'
  | 'invalid-url'
  | 'invalid-tag'
  | 'misplaced-when-empty'
  | 'password-in-url'
  | 'fallback-without-callback'
  | 'ignored-when-completed';

export const isError = (problem: Problem): boolean => problem.severity === 'error';
