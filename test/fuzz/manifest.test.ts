import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import * as O from 'fp-ts/lib/Option.js';
import type { Declared as Read } from '../../src/desired/desired.js';
import { readManifestBytes } from '../../src/desired/manifest-bytes.js';
import { isBroken } from '../../src/desired/broken-file.js';
import type { ManifestFile } from '../../src/desired/manifest.js';
import { settingNames } from '../../src/conference/settings.js';
import { workMs } from '../support/work.js';
import { effort } from './effort.js';
import { model, mutated, repeated, written, yamlLike, type Model } from './hostile-text.js';
import { opinionOn, type Declared, type Plain } from './manifest-oracle.js';

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

const read = (bytes: Uint8Array): ManifestFile => readManifestBytes('a.yaml', bytes);

/** What holds for every file, whatever is in it. */
const expectSound = (bytes: Uint8Array, file: ManifestFile): void => {
  const lines = new TextDecoder('utf-8').decode(bytes).split('\n');
  for (const { at, message, hint, excerpt, rule } of file.problems) {
    expect(at.line).toBeGreaterThanOrEqual(1);
    expect(at.line).toBeLessThanOrEqual(lines.length);
    expect(at.column).toBeGreaterThanOrEqual(1);
    expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1);
    for (const text of [message, hint, excerpt?.line ?? '', rule]) {
      expect(text.length).toBeLessThan(500);
      expect(text).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }
  }
  if (isBroken(file)) expect(file.declared).toEqual([]);
};

const valuesOf = ({
  name,
  protect,
  suspend,
  whenEmpty,
  settings,
}: Read): Readonly<Record<string, Plain>> => ({
  ...Object.fromEntries(
    settingNames.flatMap((setting) => {
      const found = settings[setting];
      return found === undefined ? [] : [[setting, O.toNullable(found.value)]];
    }),
  ),
  name: O.toNullable(name),
  protect: O.toNullable(protect),
  suspend,
  whenEmpty,
});

/** Words that are no settings: absent and null are the same, and so is false for two of them. */
const comparable = (declared: Declared): Declared =>
  Object.fromEntries(
    Object.entries(declared).map(([id, values]) => [
      id,
      {
        ...values,
        name: values['name'] ?? null,
        protect: values['protect'] ?? null,
        suspend: values['suspend'] ?? false,
        whenEmpty: values['whenEmpty'] ?? false,
      },
    ]),
  );

const declaredBy = (file: ManifestFile): Declared =>
  Object.fromEntries(file.declared.map((one) => [one.id, valuesOf(one)]));

/** What is accepted is valid by the second opinion, too, and means the same. */
const expectAgreement = (bytes: Uint8Array): void => {
  const file = read(bytes);
  expectSound(bytes, file);
  if (isBroken(file)) return;
  const opinion = opinionOn(bytes);
  if (opinion._tag === 'Unsure') return;
  if (opinion._tag === 'Invalid') throw new Error(`accepted although ${opinion.why}`);
  expect(declaredBy(file)).toEqual(comparable(opinion.declared));
};

const check = <A>(arbitrary: fc.Arbitrary<A>, runs: number, holds: (input: A) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: effort(runs).numRuns });

describe('the reader of manifests', { timeout: effort(1).timeoutMs }, () => {
  it('takes any bytes', () => {
    check(fc.uint8Array({ maxLength: 300 }), 300, expectAgreement);
  });

  it('takes any text that looks like YAML', () => {
    check(yamlLike, 400, (text) => expectAgreement(bytesOf(text)));
  });

  it('accepts of damaged manifests what is still one, and takes it for what it says', () => {
    check(mutated, 120, expectAgreement);
  });

  const pairs = model.chain((documents) => written(documents).map((text) => [documents, text] as const));

  it('accepts every valid manifest, and takes it for what it says', () => {
    check(pairs, 50, ([documents, text]) => {
      const file = read(bytesOf(text));
      expect(file.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expectAgreement(bytesOf(text));
      expect(Object.keys(declaredBy(file)).sort()).toEqual(idsOf(documents));
      expect(opinionOn(bytesOf(text))._tag).not.toBe('Invalid');
    });
  });

  it.each([
    [64 * 1024, 3, 40_000],
    [4 * 1024, 15, 8_000],
  ])('is done with %d bytes of the same again in time', (bytes, runs, boundMs) => {
    check(repeated(bytes), runs, (text) => {
      const hostile = bytesOf(text);
      expect(workMs(() => read(hostile))).toBeLessThan(boundMs);
      expectSound(hostile, read(hostile));
    });
  });
});

const idsOf = (documents: Model): readonly string[] =>
  documents.flatMap(({ conferences }) => Object.keys(conferences)).sort();
