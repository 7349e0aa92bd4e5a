/**
 * What a plan of everything is made from, without those who are as they are declared: files and records are compared
 * one by one, and of who is quiet nothing stays in memory but a mark.
 *
 * Law: `makePlanOfSome` makes of it what `makePlan` makes of everything, but for the changes `None`.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { Declared } from '../desired/desired.js';
import { isError, type Problem } from '../desired/problem.js';
import { sortProblems } from '../desired/problem-order.js';
import { hasBegun } from '../ledger/has-begun.js';
import type { ConferenceRecord } from '../ledger/record.js';
import type { StateLocation } from '../ledger/sqlite-location.js';
import type { StateSnapshot } from '../ledger/sqlite-some.js';
import type { LearnedBudget } from '../ledger/store.js';
import type { PlanRules } from '../plan/make-plan.js';
import { markOf, type Mark } from '../plan/quiet.js';
import type { Quiet } from '../plan/safety.js';
import { visitFiles, type WholeIndex } from '../source/index-content.js';
import type { IndexLook } from '../source/index-look.js';

export interface LoudInput {
  readonly desired: ReadonlyMap<ConferenceId, Declared>;
  readonly records: ReadonlyMap<ConferenceId, ConferenceRecord>;
  readonly quiet: Quiet;
  /** Of everybody who is declared. */
  readonly marks: ReadonlyMap<ConferenceId, Mark>;
  readonly problems: readonly Problem[];
  readonly budget: O.Option<LearnedBudget>;
  /** The mark of the ledger's content. */
  readonly content: string;
}

/** none: something is wrong somewhere, which only a look at everything tells in full. */
export const loudInput = async (
  look: IndexLook,
  whole: WholeIndex | undefined,
  state: StateLocation,
  rules: PlanRules,
): Promise<O.Option<LoudInput>> => {
  // Without a state everybody is loud.
  if (look.unreadable.size > 0 || look.unlisted.length > 0 || !hasBegun(state)()) return O.none;
  // With it comes the database.
  const { withSnapshot } = await import('../ledger/sqlite-some.js');
  return O.flatten(await withSnapshot(state, (snapshot) => compareAll(look, whole, snapshot, rules)));
};

const compareAll = async (
  look: IndexLook,
  whole: WholeIndex | undefined,
  snapshot: StateSnapshot,
  rules: PlanRules,
): Promise<O.Option<LoudInput>> => {
  const desired = new Map<ConferenceId, Declared>();
  const records = new Map<ConferenceId, ConferenceRecord>();
  const marks = new Map<ConferenceId, Mark>();
  const problems: Problem[] = [];
  const counts: Record<Mark, number> = { quiet: 0, fresh: 0, loud: 0 };
  let twice = 0;
  const isAll = await visitFiles(look, whole, (_relative, _digest, file) => {
    problems.push(...file.problems);
    for (const declared of file.declared) {
      const record = snapshot.recordOf(declared.id);
      // A file with problems is left out of the index, which then has no mark to go by.
      const mark = file.problems.length > 0 ? 'loud' : markOf(declared, record, rules);
      if (marks.has(declared.id)) twice += 1;
      marks.set(declared.id, mark);
      counts[mark] += 1;
      if (mark !== 'loud') continue;
      desired.set(declared.id, declared);
      if (record !== undefined) records.set(declared.id, record);
    }
  });
  if (!isAll || twice > 0 || problems.some(isError)) return O.none;
  for (const conference of snapshot.conferences()) {
    const record = marks.has(conference) ? undefined : snapshot.recordOf(conference);
    if (record !== undefined) records.set(conference, record);
  }
  const quiet = { known: counts.quiet, unknown: counts.fresh };
  return O.some({
    desired,
    records,
    quiet,
    marks,
    problems: sortProblems(problems),
    budget: snapshot.facts().budget,
    content: snapshot.mark(),
  });
};
