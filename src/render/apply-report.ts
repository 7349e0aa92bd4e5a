/** What an apply did: every conference that is not as declared, and why. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import { isLeftOver, type ApplyReport, type ChangeResult } from '../apply/report.js';
import { showPlace } from '../conference/place.js';
import type { Plan } from '../plan/plan.js';
import { count } from './duration.js';
import { evidenceText } from './evidence.js';
import { changeJson, planJson, remarkJson } from './plan-json.js';
import { safeJsonText, safeText } from './safe-text.js';

export const reportText = ({ results }: ApplyReport, colors: Colors): string => {
  const left = results.filter(isLeftOver);
  const skipped = results.filter(
    ({ outcome, change }) => outcome === 'skipped' && change._tag !== 'Suspended',
  );
  const applied = results.filter(({ outcome }) => outcome === 'applied').length;
  const lines = [
    `${count(applied, 'change')} applied, ${left.length} failed, ${skipped.length} skipped`,
    ...section('Not as declared:', left, colors.red),
    ...section('Left alone for now:', skipped, colors.yellow),
  ];
  return `${lines.join('\n')}\n`;
};

/** What `--max-audience` refused stands beside what the safety checks of the plan did. */
export const reportJsonText = (plan: Plan, { results, refused }: ApplyReport): string => {
  const planned = planJson(plan);
  const json = {
    ...planned,
    changes: results.flatMap(resultJson),
    refused: [...planned.refused, ...refused.map(remarkJson)],
  };
  return `${safeJsonText(JSON.stringify(json, null, 2))}\n`;
};

const section = (
  title: string,
  results: readonly ChangeResult[],
  paint: (text: string) => string,
): readonly string[] => (results.length === 0 ? [] : ['', paint(title), ...results.map(resultLine)]);

const resultLine = ({ change, outcome, evidence }: ChangeResult): string => {
  const at = 'at' in change && O.isSome(change.at) ? safeText(showPlace(change.at.value)) : '';
  const why = O.isSome(evidence) ? evidenceText(evidence.value) : reasonWithoutAnswer(change);
  return `  ${[change.conference, outcome, why, at].filter((part) => part !== '').join('  ')}`;
};

const reasonWithoutAnswer = (change: ChangeResult['change']): string =>
  change._tag === 'Blocked' ? 'it has ended and cannot be changed' : 'not tried';

const resultJson = ({ change, outcome, evidence }: ChangeResult): readonly object[] => {
  const json = changeJson(change);
  if (O.isNone(json)) return [];
  const answer = O.isSome(evidence)
    ? {
        ...(O.isSome(evidence.value.status) ? { status: evidence.value.status.value } : {}),
        ...(O.isSome(evidence.value.code) ? { code: evidence.value.code.value } : {}),
        ...(evidence.value.message === '' ? {} : { message: evidence.value.message }),
      }
    : {};
  return [{ ...json.value, outcome, ...answer }];
};
