import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/plan/plan.js';
import { markdownLimit, markdownMark, planMarkdown } from '../../src/render/plan-markdown.js';
import { ConferenceId } from '../../src/conference/id.js';
import { compared } from '../arbitrary/compared.js';
import * as arbitrary from '../arbitrary/plan.js';

const many = 3000;

/** A plan with every list repeated until the longest has thousands of entries. */
const longPlan: fc.Arbitrary<Plan> = arbitrary.plan
  .filter(({ changes }) => changes.length > 0)
  .map(({ revision, commit, changes, notes, refused }) => {
    const repeat = <Item>(items: readonly Item[]): readonly Item[] =>
      Array.from({ length: Math.ceil(many / changes.length) }, () => items).flat();
    return arbitrary.planOf(
      { revision, commit, changes: repeat(changes), notes: repeat(notes), refused: repeat(refused) },
      1,
    );
  });

describe('planMarkdown', () => {
  test.prop([arbitrary.plan, arbitrary.rate, compared])(
    'is well formed, whatever stands in names, tags and branches',
    (plan, rate, beside) => {
      const markdown = planMarkdown(plan, { rate, compared: beside });
      expectWellFormed(markdown);
      expect(markdown.split('\n')[0]).toBe(markdownMark);
      expect(markdown.length).toBeLessThan(markdownLimit);
    },
  );

  test.prop([arbitrary.plan, compared])(
    'holds no control character, no mark that turns the text, and no password',
    (plan, beside) => {
      const markdown = planMarkdown(plan, { rate: 1, compared: beside });
      expect(markdown).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
      expect(markdown).not.toContain(arbitrary.passwordMark);
    },
  );

  test.prop([arbitrary.plan, compared])('mentions nobody and links nowhere', (plan, beside) => {
    expect(planMarkdown(plan, { rate: 1, compared: beside })).not.toMatch(/@|:\/\/|www\.|\[/i);
  });

  test.prop([longPlan], { numRuns: 3 })('fits into a comment, and what is left out is counted', (plan) => {
    const markdown = planMarkdown(plan, { rate: 1 });
    expect(markdown.length).toBeLessThan(markdownLimit);
    expectWellFormed(markdown);
    for (const section of markdown.split(/\n(?=### |<details)/).slice(1)) {
      const [, total] = /: (\d+)/.exec(section) ?? [];
      const [, left = '0'] = /… and (\d+) more, left out here\./.exec(section) ?? [];
      expect(rowsIn(section) + Number(left)).toBe(Number(total));
    }
  });

  it('takes ten thousand changes with the longest names, and says so', () => {
    const changes = Array.from({ length: 10_000 }, (_, index): Change => {
      const id = `${'_'.repeat(123).replace(/^./, 'a')}${String(index)}`;
      if (!ConferenceId.is(id)) throw new Error(id);
      const to = '<|>'.repeat(1000);
      return {
        _tag: 'Update',
        conference: id,
        name: O.some('</details>'.repeat(1000)),
        lane: 2,
        settings: [{ setting: 'tag', from: O.some('*'.repeat(1000)), to, why: 'changed', at: O.none }],
        at: O.none,
        forget: false,
        guard: { _tag: 'Free' },
      };
    });
    const plan = arbitrary.planOf({ revision: 'r', commit: O.none, changes, notes: [], refused: [] }, 1);
    const markdown = planMarkdown(plan, { rate: 1 });
    expectWellFormed(markdown);
    expect(markdown.length).toBeLessThan(markdownLimit);
    expect(markdown).toContain('## holdfast: 10000 calls, about 2 h 47 min at 1/s');
    expect(rowsIn(markdown)).toBeGreaterThan(10);
    expect(rowsIn(markdown) + Number(/… and (\d+) more/.exec(markdown)?.[1])).toBe(10_000);
  });

  it('has room for the last line, however the rows fall', () => {
    const [first] = fc.sample(arbitrary.conferenceId, 1);
    const row: readonly Change[] =
      first === undefined ? [] : [{ _tag: 'Release', conference: first, name: O.none, at: O.none }];
    const changes = Array.from({ length: 3000 }, () => row).flat();
    for (let length = 1; length < 100; length += 1) {
      const plan = { revision: 'r'.repeat(length), commit: O.none, changes, notes: [], refused: [] };
      const markdown = planMarkdown(arbitrary.planOf(plan, 1), { rate: 1 });
      expect(markdown).toContain('left out here');
      expect(markdown.length).toBeLessThan(markdownLimit);
    }
  });

  test.prop([arbitrary.plan])('is the same bytes for the same plan', (plan) => {
    expect(planMarkdown(structuredClone(plan), { rate: 1 })).toBe(planMarkdown(plan, { rate: 1 }));
  });
});

/** Entries of the table in a section: further lines of an entry begin with an empty cell. */
const rowsIn = (section: string): number =>
  Math.max(0, (section.match(/^\| (?!---|conference )\S/gm) ?? []).length);

const cellsIn = (line: string): number => line.split('|').length;

/** Tables have as many cells in every row as in their head, and what is opened is closed. */
const expectWellFormed = (markdown: string): void => {
  const lines = markdown.split('\n');
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1] ?? '';
    if (line.startsWith('|') && before.startsWith('|')) expect(cellsIn(line)).toBe(cellsIn(before));
    if (line.startsWith('|')) expect(line).toMatch(/\|$/);
  }
  const count = (pattern: RegExp): number => (markdown.match(pattern) ?? []).length;
  expect(count(/<details/g)).toBe(count(/<\/details>/g));
  expect(count(/<code>/g)).toBe(count(/<\/code>/g));
  const tags = new Set(markdown.match(/<[^>]*>?/g));
  expect([...tags].filter((tag) => !knownTags.has(tag))).toEqual([]);
};

const knownTags = new Set([
  markdownMark,
  ...['<details>', '<details open>', '</details>', '<summary>', '</summary>'],
  ...['<code>', '</code>', '<br>'],
]);
