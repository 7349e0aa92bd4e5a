/** What an apply did: every conference that is not as declared, and why. Pure. */
import type { Colors } from 'picocolors/types.js';
import * as O from 'fp-ts/lib/Option.js';
import { isLeftOver, type ApplyReport, type ChangeResult } from '../apply/report.js';
import { showPlace } from '../conference/place.js';
import type { Plan } from '../plan/plan.js';
import { count } from './duration.js';
import { evidenceText } from './evidence.js';
import { jsonPieces } from './json-pieces.js';
import { listed, shownAtFirst } from './listed.js';
import { mapped } from './pieces.js';
import { changeJson, headJson, remarksJson } from './plan-json.js';
import { safeText } from './safe-text.js';

/** The lines of what was done; unless `full`, a long list shows its first. */
export function* reportTextPieces(
  { results }: ApplyReport,
  colors: Colors,
  full: boolean,
): Generator<string> {
  const left = results.filter(isLeftOver);
  const skipped = results.filter(
    ({ outcome, change }) => outcome === 'skipped' && change._tag !== 'Suspended',
  );
  const applied = results.filter(({ outcome }) => outcome === 'applied').length;
  yield `${count(applied, 'change')} applied, ${left.length} failed, ${skipped.length} skipped\n`;
  const limit = full ? Number.POSITIVE_INFINITY : shownAtFirst;
  yield* section('Not as declared:', left, limit, colors.red);
  yield* section('Left alone for now:', skipped, limit, colors.yellow);
}

/** What `--max-audience` refused stands beside what the safety checks of the plan did. */
export const reportJsonPieces = (plan: Plan, { results, refused }: ApplyReport): Iterable<string> =>
  jsonPieces({
    ...headJson(plan),
    changes: mapped(results, resultJson),
    ...remarksJson(plan.notes, [...plan.refused, ...refused]),
  });

function* section(
  title: string,
  results: readonly ChangeResult[],
  limit: number,
  paint: (text: string) => string,
): Generator<string> {
  if (results.length === 0) return;
  yield `\n${paint(title)}\n`;
  for (const line of listed(results, limit, (result) => [resultLine(result)])) yield `${line}\n`;
}

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
