/** What is put together from pieces is what a reading of the whole gives, or there is nothing. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/desired/read-manifest.js';
import { readByChunks, type ReadAgain } from '../../src/source/index-chunks.js';
import { encodeChunks, smallestCut } from '../../src/source/index-cut.js';
import { encodeDeclared } from '../../src/source/index-declared.js';

const path = 'desired/big.yaml';

/** Nothing smaller is cut. */
const ballast = `# ${'x'.repeat(smallestCut)}\n`;

const piece = (number: number, tail = ''): string =>
  `---\ndefaults: { tag: north }\nconferences:\n  conf-${number}:\n    name: ${number}th\n    mute: true\n${tail}`;

const again = (before: string, after: string): Promise<ReadAgain | undefined> => {
  const { declared, problems } = readManifest(path, before);
  expect(problems).toStrictEqual([]);
  return readByChunks(
    path,
    new TextEncoder().encode(after),
    encodeChunks(before, declared),
    encodeDeclared(declared),
  );
};

const expectWhole = (found: ReadAgain | undefined, after: string): void => {
  const whole = readManifest(path, after);
  if (found === undefined) return;
  expect(found.file).toStrictEqual(whole);
};

const tails = [
  '    hold: null\n',
  '    hold: perhaps\n',
  '# what comes next\n',
  '    tag: "north\n',
  '    tag: |\n      north\n',
  '    tag: >-\n      --- no\n---\n',
  '  <<: {}\n',
  '    callbackUrl: *url\n',
  '    callbackUrl: &url https://a.example/\n',
  '...\n',
  '...\n%YAML 1.1\n---\n',
  '---\n',
  '--- # empty\n',
  '---no\n',
  '\uFEFF',
  '    tag: a\r\n',
  '    tag: "a\n---\n    b"\n',
  '{',
  '',
];

const pieces = fc.array(
  fc
    .tuple(fc.nat(12), fc.oneof(fc.constant(''), fc.constantFrom(...tails)))
    .map(([n, tail]) => piece(n, tail)),
  { maxLength: 6 },
);

describe('a large file of which a part has changed', () => {
  test.prop([fc.uniqueArray(fc.nat(12), { maxLength: 6 }), pieces, fc.boolean()])(
    'is read as if it were read whole',
    async (numbers, added, isFirst) => {
      const before = ballast + numbers.map((number) => piece(number)).join('');
      const kept = numbers.slice(1).map((number) => piece(number));
      const after = ballast + (isFirst ? [...added, ...kept] : [...kept, ...added]).join('');
      expectWhole(await again(before, after), after);
    },
  );

  it.each(tails)('with %j at the end of a piece', async (tail) => {
    const before = ballast + [1, 2, 3].map((number) => piece(number)).join('');
    const after = ballast + piece(1) + piece(2, tail) + piece(3);
    expectWhole(await again(before, after), after);
  });

  it('parses nothing but that part, and moves the lines of the rest', async () => {
    const before = ballast + [1, 2, 3].map((number) => piece(number)).join('');
    const after = ballast + piece(1) + piece(2, '    hold: true\n') + piece(3);
    const found = await again(before, after);
    expect(found?.reused).toStrictEqual(['conf-1', 'conf-3']);
    expectWhole(found, after);
    const [, , third] = found?.file.declared ?? [];
    expect(third?.at.line).toBe(2 + 6 + 7 + 3);
  });
});
