/** What `holdfast apply` says: the plan, what is left out of it, what was refused, and how it ended. */
import * as O from 'fp-ts/lib/Option.js';
import type * as T from 'fp-ts/lib/Task.js';
import { resultsFor, type ApplyReport } from '../apply/report.js';
import { showPlace } from '../conference/place.js';
import type { Plan, Remark } from '../plan/plan.js';
import { reportJsonPieces, reportTextPieces } from '../render/apply-report.js';
import { count } from '../render/duration.js';
import { ledgerErrorText } from '../render/ledger-error.js';
import { listed, shownAtFirst } from '../render/listed.js';
import { outageText } from '../render/log.js';
import { planText, planTextPieces } from '../render/plan-text.js';
import { safeText } from '../render/safe-text.js';
import type { ApplyConfig } from './apply-config.js';
import type { ApplyTask } from './apply-task.js';
import type { Context } from './context.js';

/** People see it before they are asked, wherever the report goes. */
export const showPlan = async (
  plan: Plan,
  granted: O.Option<number>,
  { common, format, full, yes }: ApplyConfig,
  { terminal }: Context,
): Promise<void> => {
  const options = { rate: common.rate, granted, full };
  if (format === 'text') await terminal.outAll(planTextPieces(plan, terminal.outColors, options))();
  else if (terminal.interactive && !yes) terminal.err(planText(plan, terminal.errColors, options));
};

export const tellStale = ({ stale }: ApplyTask, { full }: ApplyConfig, { terminal }: Context): void => {
  for (const words of listed(stale, full ? Number.POSITIVE_INFINITY : shownAtFirst, (one) => [one]))
    terminal.err(`${words}\n`);
};

export const tellRefused =
  (plan: Plan, { format, full }: ApplyConfig, { terminal }: Context): T.Task<void> =>
  async () => {
    if (format === 'json') await terminal.outAll(reportJsonPieces(plan, nothingDone(plan)))();
    terminal.err(
      `${terminal.errColors.red('refused')}: ${count(plan.refused.length, 'change')} refused by a safety check; nothing was sent\n`,
    );
    listRefused(plan.refused, full, terminal);
  };

const listRefused = (refused: readonly Remark[], full: boolean, terminal: Context['terminal']): void => {
  const limit = full ? Number.POSITIVE_INFINITY : shownAtFirst;
  for (const line of listed(refused, limit, (remark) => [refusedLine(remark)])) terminal.err(`${line}\n`);
  terminal.err('If that is what you want, say why: --force "reason"\n');
};

const refusedLine = ({ conference, message, at }: Remark): string =>
  `  ${O.isSome(at) ? `${safeText(showPlace(at.value))}: ` : ''}${conference}: ${message}`;

const nothingDone = (plan: Plan): ApplyReport => ({
  revision: plan.revision,
  results: resultsFor(plan, new Map()).map((result) =>
    result.outcome === 'blocked' ? result : { ...result, outcome: 'skipped' },
  ),
  refused: [],
  stoppedBy: O.none,
});

export const tellReport =
  (plan: Plan, report: ApplyReport, { format, full }: ApplyConfig, { terminal }: Context): T.Task<void> =>
  async () => {
    if (format === 'json') await terminal.outAll(reportJsonPieces(plan, report))();
    else if (report.results.length > 0) {
      terminal.out('\n');
      await terminal.outAll(reportTextPieces(report, terminal.outColors, full))();
    }
    if (report.refused.length > 0) {
      const changes = count(report.refused.length, 'change');
      terminal.err(
        `${terminal.errColors.red('refused')}: ${changes} refused because of the people in the conference\n`,
      );
      listRefused(report.refused, full, terminal);
    }
    if (O.isNone(report.stoppedBy)) return;
    const reason = report.stoppedBy.value;
    const why = 'evidence' in reason ? outageText(reason) : ledgerErrorText(reason);
    terminal.err(`${terminal.errColors.red('error')}: stopped before everything was tried: ${why}\n`);
  };
