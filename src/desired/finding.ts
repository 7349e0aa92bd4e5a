/**
 * A finding is a problem that does not yet know its file: offsets into the text instead of line and column.
 * Readers return what they could read together with their findings, so that one mistake hides no other.
 */
import type { Problem, Rule } from './problem.js';

/** Offsets into the text, in UTF-16 code units; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding {
  readonly span: Span;
  readonly severity: Problem['severity'];
  readonly rule: Rule;
  readonly message: string;
  readonly hint: string;
}

export interface Reading<A> {
  readonly value: A;
  readonly findings: readonly Finding[];
}

/** Most of what is read has none, and there is much of it. */
export const noFindings: readonly Finding[] = [];

/** The findings of all, one after the other. */
export const findingsOf = (
  readings: readonly { readonly findings: readonly Finding[] }[],
): readonly Finding[] =>
  readings.every(({ findings }) => findings.length === 0)
    ? noFindings
    : readings.flatMap(({ findings }) => findings);

export const error = (rule: Rule, { start, end }: Span, message: string, hint = ''): Finding => ({
  span: { start, end },
  severity: 'error',
  rule,
  message,
  hint,
});

export const warning = (rule: Rule, span: Span, message: string, hint = ''): Finding => ({
  ...error(rule, span, message, hint),
  severity: 'warning',
});
