/** What the daemon tells. */
import type { DispatchEvent } from '../apply/dispatch-event.js';
import type { Problem } from '../desired/problem.js';
import type { LedgerError } from '../ledger/store.js';
import type { Plan, Refusal } from '../plan/plan.js';
import type { StatusSummary } from '../plan/status.js';
import type { Held } from './hold.js';

export type DaemonEvent =
  /** Another state of the declarations is in force. */
  | { readonly _tag: 'Revision'; readonly revision: string; readonly conferences: number }
  | { readonly _tag: 'Planned'; readonly plan: Plan }
  /** A problem that was not there before. */
  | { readonly _tag: 'Invalid'; readonly problem: Problem }
  | { readonly _tag: 'Mended' }
  /** A change that is held back, and was not before. */
  | { readonly _tag: 'Refused'; readonly refusal: Refusal }
  | { readonly _tag: 'Blocked'; readonly change: Extract<Plan['changes'][number], { _tag: 'Blocked' }> }
  /** Removals that wait for quiet, when they were not waiting before. */
  | { readonly _tag: 'Held'; readonly held: readonly Held[] }
  | { readonly _tag: 'Dispatched'; readonly event: DispatchEvent }
  /** Nothing is left to do by itself. */
  | { readonly _tag: 'Settled'; readonly summary: StatusSummary }
  | { readonly _tag: 'StateFailed'; readonly error: LedgerError }
  | { readonly _tag: 'StateWorks' }
  /** A defect of ours. */
  | { readonly _tag: 'Broken'; readonly message: string };
