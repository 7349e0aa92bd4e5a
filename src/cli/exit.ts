/**
 * How a command can end without having done its job, and the exit code of each end. One table, so that no
 * command invents a code.
 */
import type { LedgerError } from '../ledger/store.js';
import type { Problem } from '../desired/problem.js';

export const exitCodes = { done: 0, failed: 1, changes: 2, refused: 3, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type CommandError =
  /** Wrong flags, variables or settings file: sentences for people. */
  | { readonly _tag: 'Usage'; readonly messages: readonly string[] }
  /** The manifests are not valid: nothing is planned and nothing is sent. */
  | { readonly _tag: 'Invalid'; readonly problems: readonly Problem[] }
  | { readonly _tag: 'State'; readonly error: LedgerError }
  /** Something outside could not be used: a port, a file. */
  | { readonly _tag: 'Environment'; readonly message: string }
  /** By a signal, before there was anything to do. */
  | { readonly _tag: 'Stopped'; readonly exitCode: ExitCode };

export const usage = (...messages: readonly string[]): CommandError => ({ _tag: 'Usage', messages });
