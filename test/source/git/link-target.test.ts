/** Answers of git about links; the text of an answer may hold anything. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readLinkTargets, type LinkTarget } from '../../../src/source/git/link-target.js';

const blob = 'b'.repeat(40);
const hostile = fc.string({
  unit: fc.constantFrom('a', '\n', ' ', '/', `${blob} blob 1`, 'loop 3'),
  maxLength: 6,
});
const question = fc.string({ unit: fc.constantFrom('a', ' ', '/', '.'), minLength: 1, maxLength: 8 });

const toldBy = (kind: 'dangling' | 'symlink' | 'loop' | 'notdir') =>
  hostile.map((text) => ({ printed: `${kind} ${Buffer.byteLength(text)}\n${text}\n`, tag: 'Broken' }));

const answer: fc.Arbitrary<{ readonly printed: string; readonly tag: LinkTarget['_tag'] }> = fc.oneof(
  fc.nat({ max: 999 }).map((bytes) => ({ printed: `${blob} blob ${bytes}\n`, tag: 'File' as const })),
  fc.constant({ printed: `${blob} tree 33\n`, tag: 'Folder' as const }),
  question.map((path) => ({ printed: `${'c'.repeat(40)}:${path} missing\n`, tag: 'Broken' as const })),
  ...(['dangling', 'symlink', 'loop', 'notdir'] as const).map((kind) =>
    toldBy(kind).map(({ printed }) => ({ printed, tag: 'Broken' as const })),
  ),
);

describe('readLinkTargets', () => {
  test.prop([fc.array(answer, { maxLength: 8 })])(
    'gives one target for each question, in order',
    (answers) => {
      const targets = readLinkTargets(answers.map(({ printed }) => printed).join(''));
      expect(targets.map(({ _tag }) => _tag)).toEqual(answers.map(({ tag }) => tag));
    },
  );
});
