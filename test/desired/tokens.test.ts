import { describe, expect, it } from 'vitest';
import { Parser } from 'yaml';
import { boundedTokens, type Excess } from '../../src/desired/tokens.js';

const take = (text: string, limits?: { readonly nesting: number; readonly lexemes: number }) => {
  const told: Excess[] = [];
  const tokens = Array.from(boundedTokens(text, (excess) => told.push(excess), limits));
  return { told, types: tokens.map(({ type }) => type) };
};

describe('the tokens of a manifest', () => {
  it('are those of the parser', () => {
    const text = '%YAML 1.2\n---\na: [1, {b: 2}]\n...\n# end\n';
    expect(take(text)).toEqual({ told: [], types: Array.from(new Parser().parse(text), ({ type }) => type) });
  });

  it.each(['[[[[1]]]]', '{a: {a: {a: {a: 1}}}}', '- - - - 1', '? ? ? ? 1', 'a:\n - b:\n    - c: 1'])(
    '%j is cut where it is too deep',
    (text) => {
      expect(take(text, { nesting: 4, lexemes: 100 }).told).toEqual([]);
      expect(take(text, { nesting: 2, lexemes: 100 }).told).toMatchObject([{ _tag: 'TooDeep' }]);
    },
  );

  it('end where there are too many', () => {
    const { told, types } = take('a: 1\n---\n'.repeat(100), { nesting: 10, lexemes: 50 });
    expect(told).toMatchObject([{ _tag: 'TooMany' }]);
    expect(types.length).toBeLessThan(10);
  });
});
