/** What a pull request shows where there is no plan. */
import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Problem } from '../../src/desired/problem.js';
import { markdownLimit, markdownMark } from '../../src/render/plan-markdown.js';
import { problemsMarkdown } from '../../src/render/problems-markdown.js';

const problem = (
  message: string,
  path = 'desired/a.yaml',
  severity: Problem['severity'] = 'error',
): Problem => ({
  at: { path, line: 3, column: 11 },
  severity,
  rule: 'invalid-flag',
  message,
  hint: 'write mute: true',
});

it('says what is wrong and where, by the line that a workflow looks for', () => {
  const text = problemsMarkdown([
    problem('mute must be true | not <b>'),
    problem('never mind', 'b.yaml', 'warning'),
  ]);
  expect(text.split('\n')).toEqual([
    markdownMark,
    '## holdfast: 1 error, so there is no plan',
    '',
    'Nothing would be applied as long as a manifest is not valid.',
    '',
    '| where | what is wrong |',
    '|---|---|',
    '| <code>desired/a.yaml:3:11</code> | mute must be true &#124; not &#60;b&#62; (write mute: true) |',
    '',
  ]);
});

test.prop([
  fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { maxLength: 40 }),
])('fits into a comment and breaks no table, whatever is wrong', (problems) => {
  const text = problemsMarkdown(problems.map(([message, path]) => problem(message, path)));
  expect(text.length).toBeLessThan(markdownLimit);
  const rows = text.split('\n').filter((line) => line.startsWith('| <code>'));
  expect(rows).toHaveLength(Math.min(20, problems.length));
  for (const row of rows) expect(row.match(/\|/g)).toHaveLength(3);
  expect(text.includes(' more: ')).toBe(problems.length > 20);
});
