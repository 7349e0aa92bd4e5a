/**
 * The words that flags take: read by the settings, offered by completion. Loaded at every start, so it imports
 * nothing but types.
 */
import type { OnRemove } from '../plan/plan.js';
import type { DriftMode } from '../reconcile/drift-watch.js';

export const validateFormats = ['text', 'json', 'github'] as const;

export const planFormats = ['text', 'json', 'markdown'] as const;

/** Of what reports: `apply`, `status`, `explain`, `history`. */
export const reportFormats = ['text', 'json'] as const;

export const logFormats = ['pretty', 'json'] as const;

export const onRemoveWords = ['release', 'reset', 'complete'] as const satisfies readonly OnRemove[];

export const driftModes = ['report', 'heal', 'ignore'] as const satisfies readonly DriftMode[];

export const shells = ['bash', 'zsh', 'fish'] as const;
