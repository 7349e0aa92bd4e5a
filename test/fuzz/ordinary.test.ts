/** Two readers, one authority: what the reader of ordinary manifests takes, `yaml` takes for the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lexer } from 'yaml';
import { manifestSource, readParsed, type ManifestFile } from '../../src/desired/manifest.js';
import { readOrdinary, readOrdinaryBytes } from '../../src/desired/ordinary-manifest.js';
import { ordinaryDocuments } from '../../src/desired/ordinary.js';
import { parseDocuments } from '../../src/desired/syntax.js';
import type { Tree } from '../../src/desired/tree.js';
import { nearlyManifest } from '../arbitrary/nearly-manifest.js';
import { documentOf } from '../bench/manifests.js';
import { effort } from './effort.js';
import { mutated, yamlLike } from './hostile-text.js';
import { lines, slipped, wellFormed, written } from './ordinary-text.js';

const readByAuthority = (text: string): ManifestFile => {
  const source = manifestSource('a.yaml', text);
  return readParsed(source, parseDocuments(source));
};

/** Where a mapping ends is told of problems alone. */
const withoutMappingEnds = (tree: Tree): unknown =>
  tree._tag === 'Mapping'
    ? {
        ...tree,
        end: 0,
        entries: tree.entries.map(({ key, value }) => [withoutMappingEnds(key), withoutMappingEnds(value)]),
      }
    : tree;

type Taken = 'not' | 'as a tree' | 'as a manifest';

const expectAgreement = (text: string): Taken => {
  const source = manifestSource('a.yaml', text);
  const roots = ordinaryDocuments(source.text);
  const file = readOrdinary(source);
  if (roots === undefined) {
    expect(file).toBeUndefined();
    return 'not';
  }
  const parsed = parseDocuments(source);
  expect(parsed.flatMap(({ findings, damaged }) => [...findings, ...damaged])).toEqual([]);
  expect(roots.map(withoutMappingEnds)).toStrictEqual(parsed.map(({ root }) => withoutMappingEnds(root)));
  if (file === undefined) return 'as a tree';
  expect(file).toStrictEqual(readByAuthority(text));
  return 'as a manifest';
};

const share = (arbitrary: fc.Arbitrary<string>, runs: number): Record<Taken, number> => {
  const counts = { not: 0, 'as a tree': 0, 'as a manifest': 0 };
  const { numRuns } = effort(runs);
  fc.assert(
    fc.property(arbitrary, (text) => {
      counts[expectAgreement(text)] += 1 / numRuns;
    }),
    { numRuns },
  );
  return counts;
};

describe('the reader of ordinary manifests agrees with yaml', { timeout: effort(1).timeoutMs }, () => {
  it('on whatever is well formed, and takes all of it', () => {
    expect(share(wellFormed, 1500).not).toBe(0);
  });

  it('on lines that fit now and then', () => {
    const { not } = share(lines, 4000);
    expect(not).toBeGreaterThan(0.1);
    expect(not).toBeLessThan(0.8);
  });

  it('on manifests with slips', () => {
    const { not, ...taken } = share(slipped, 2500);
    expect(not).toBeGreaterThan(0.1);
    expect(taken['as a tree']).toBeGreaterThan(0.05);
    expect(taken['as a manifest']).toBeGreaterThan(0.05);
  });

  it('on manifests with mistakes of meaning, and on anything that looks like YAML', () => {
    share(nearlyManifest, 300);
    share(yamlLike, 300);
    share(
      mutated.map((bytes) => new TextDecoder('utf-8').decode(bytes)),
      300,
    );
  });

  it('on bytes', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const file = readOrdinaryBytes('a.yaml', bytes);
        if (file === undefined) return;
        expect(file).toStrictEqual(readByAuthority(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
      }),
      { numRuns: effort(200).numRuns },
    );
  });
});

describe('the reader of ordinary manifests', () => {
  it('takes what people write', () => {
    const document = documentOf(7);
    expect(expectAgreement(document)).toBe('as a manifest');
    expect(expectAgreement(`${document}---\n${documentOf(8)}`)).toBe('as a manifest');
    const unusual = written.filter((text) => expectAgreement(text) === 'not');
    // With an anchor, with an octal number, and with every mistake of syntax.
    expect(unusual.map((text) => /&regional|0123|@here/.exec(text)?.[0])).toEqual([
      '&regional',
      '0123',
      '@here',
    ]);
  });

  it('takes nothing with a problem, be it a warning', () => {
    for (const text of [
      'mutee: 1',
      'conferences:\n  a:\n    fallbackUrl: https://a\n',
      'conferences:\n  a:\n  a:\n',
    ])
      expect(expectAgreement(text)).toBe('as a tree');
  });

  it('takes no text with more words and signs than yaml may be given', () => {
    fc.assert(
      fc.property(fc.oneof(lines, wellFormed, slipped), (text) => {
        fc.pre(ordinaryDocuments(text) !== undefined);
        const lexemes = [...new Lexer().lex(text)].length;
        expect(lexemes).toBeLessThanOrEqual(10 * text.split('\n').length);
      }),
    );
    expect(ordinaryDocuments('a: b # c\n'.repeat(400_001))).toBeUndefined();
  });
});
