/**
 * In the place of a plan: what keeps one from being made. A comment that an earlier push left must not go on saying
 * what is not true any more. Pure.
 */
import { showPlace } from '../conference/place.js';
import { isError, type Problem } from '../desired/problem.js';
import { count } from './duration.js';
import { code, prose } from './markdown.js';
import { markdownMark } from './plan-markdown.js';
import { shorten } from './safe-text.js';

/** Ends with a line break. */
export const problemsMarkdown = (problems: readonly Problem[]): string => {
  const errors = problems.filter(isError);
  const left = errors.length - mostShown;
  return [
    markdownMark,
    `## holdfast: ${count(errors.length, 'error')}, so there is no plan`,
    '',
    'Nothing would be applied as long as a manifest is not valid.',
    '',
    '| where | what is wrong |',
    '|---|---|',
    ...errors.slice(0, mostShown).map(rowOf),
    ...(left > 0 ? ['', `… and ${left} more: \`holdfast validate\` names them all.`] : []),
    '',
  ].join('\n');
};

const mostShown = 20;
/** Columns; a path has no limit of its own, and neither has what is quoted. */
const longestCell = 400;

const rowOf = ({ at, message, hint }: Problem): string => {
  const words = hint === '' ? message : `${message} (${hint})`;
  return `| ${code(shorten(showPlace(at), longestCell))} | ${prose(shorten(words, longestCell))} |`;
};
