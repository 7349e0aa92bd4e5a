/**
 * Problems as people read them, as scripts read them, and as annotations of a pull request.
 * Every text ends with a line break; no problem at all is an empty text (JSON: an empty list).
 */
import type { Colors } from 'picocolors/types.js';
import { showPlace } from '../conference/place.js';
import type { Excerpt, Problem } from '../desired/problem.js';

/** `path:line:column: error: what is wrong (what to write instead) [rule]`, the source line, a mark below it. */
export const renderProblemsText = (problems: readonly Problem[], colors: Colors): string =>
  problems.length === 0
    ? ''
    : `${problems.map((problem) => renderProblem(problem, colors)).join('\n')}\n${renderCounts(problems)}\n`;

export const renderProblemsJson = (problems: readonly Problem[]): string =>
  `${JSON.stringify({ problems: problems.map(toJson) }, null, 2)}\n`;

/** Workflow commands of GitHub Actions, one a line. */
export const renderProblemsGithub = (problems: readonly Problem[]): string =>
  problems.map((problem) => `${toAnnotation(problem)}\n`).join('');

const renderProblem = (problem: Problem, colors: Colors): string => {
  const { at, severity, rule, excerpt } = problem;
  const paint = severity === 'error' ? colors.red : colors.yellow;
  const head = `${colors.bold(`${showPlace(at)}:`)} ${paint(`${severity}:`)} ${sentence(problem)} ${colors.dim(`[${rule}]`)}`;
  return excerpt === undefined ? `${head}\n` : `${head}\n${renderExcerpt(excerpt, at.line, paint, colors)}`;
};

const sentence = ({ message, hint }: Problem): string => (hint === '' ? message : `${message} (${hint})`);

const renderExcerpt = (
  excerpt: Excerpt,
  line: number,
  paint: (text: string) => string,
  colors: Colors,
): string => {
  const number = String(line);
  const mark = ' '.repeat(excerpt.caret) + paint('^'.repeat(excerpt.width));
  const source = `  ${colors.dim(`${number} |`)} ${excerpt.line}`.trimEnd();
  return `${source}\n  ${colors.dim(`${' '.repeat(number.length)} |`)} ${mark}\n`;
};

const renderCounts = (problems: readonly Problem[]): string => {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(problems.length - errors, 'warning')];
  return counts.filter((text) => text !== '').join(', ');
};

const count = (number: number, noun: string): string =>
  number === 0 ? '' : number === 1 ? `1 ${noun}` : `${number} ${noun}s`;

const toJson = ({ at: { path, line, column }, severity, rule, message, hint }: Problem) => ({
  path,
  line,
  column,
  severity,
  rule,
  message,
  hint,
});

const toAnnotation = (problem: Problem): string => {
  const { at, severity, rule } = problem;
  const properties = [
    `file=${property(at.path)}`,
    `line=${at.line}`,
    `col=${at.column}`,
    `title=${property(rule)}`,
  ];
  return `::${severity} ${properties.join(',')}::${data(sentence(problem))}`;
};

// The escapes of GitHub's own toolkit: actions/toolkit, packages/core/src/command.ts.
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
