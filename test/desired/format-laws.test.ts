/** What holds of every manifest that is formatted, and of everything that is none. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Parser } from 'yaml';
import { isBroken } from '../../src/desired/broken-file.js';
import { formatManifest } from '../../src/desired/format-manifest.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import { readManifest } from '../../src/desired/read-manifest.js';
import { effort } from '../fuzz/effort.js';
import { model, mutated, written, yamlLike } from '../fuzz/hostile-text.js';
import { untidy } from './untidy.js';

/** Everything but the columns, which move with the indentation. */
const declaredIn = ({ declared }: ManifestFile): unknown =>
  JSON.parse(JSON.stringify(declared, (key, value: unknown) => (key === 'column' ? undefined : value)));

const commentsIn = (text: string): readonly string[] => {
  const comments: string[] = [];
  const collect = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return;
    if ('type' in token && token.type === 'comment' && 'source' in token) {
      comments.push(String(token.source).trimEnd());
      return;
    }
    for (const inner of Object.values(token)) collect(inner);
  };
  for (const token of new Parser().parse(text)) collect(token);
  return comments;
};

/** Lines without what may change of them: blanks, quotes, the spelling of values. */
const linesIn = (text: string): number => text.trimEnd().split('\n').length;

const expectLaws = (text: string): boolean => {
  const before = readManifest('a.yaml', text);
  const formatted = formatManifest('a.yaml', text);
  if (isBroken(before)) {
    expect(formatted).toEqual({ _tag: 'Broken', problems: before.problems });
    return false;
  }
  if (formatted._tag !== 'Formatted') throw new Error(`${formatted._tag}: ${JSON.stringify(text)}`);
  expect(declaredIn(readManifest('a.yaml', formatted.text))).toEqual(declaredIn(before));
  expect(formatManifest('a.yaml', formatted.text)).toEqual(formatted);
  expect(commentsIn(formatted.text)).toEqual(commentsIn(text.replace(/^\uFEFF+/, '')));
  if (text.trim() !== '') expect(linesIn(formatted.text)).toBe(linesIn(text));
  expect(formatted.text).toMatch(/^$|[^]\n$/);
  return true;
};

const check = <A>(arbitrary: fc.Arbitrary<A>, runs: number, holds: (input: A) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: effort(runs).numRuns });

describe('formatting a manifest', { timeout: effort(1).timeoutMs }, () => {
  it('keeps what valid manifests declare, whatever wrote them', () => {
    check(model.chain(written), 60, (text) => {
      expect(expectLaws(text)).toBe(true);
    });
  });

  it('keeps what people write by hand: comments, anchors, odd indentation, texts of several lines', () => {
    let valid = 0;
    check(untidy, 200, (text) => {
      if (expectLaws(text)) valid += 1;
    });
    // Or the law would hold of nothing.
    expect(valid).toBeGreaterThan(effort(200).numRuns / 2);
  });

  it('leaves alone what is no manifest, and keeps what is one by chance', () => {
    check(yamlLike, 300, (text) => void expectLaws(text));
    check(mutated, 100, (bytes) => void expectLaws(new TextDecoder().decode(bytes)));
  });
});
