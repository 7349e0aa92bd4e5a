/** However the output is cut into chunks, the blobs are the same. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { makeBlobStream } from '../../../src/source/git/blob-stream.js';

const name = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789abcdef')),
  minLength: 40,
  maxLength: 40,
});
/** Contents that look like headers and ends of contents. */
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\n\n', ' blob 3\n', ' missing\n', `${'a'.repeat(40)} blob 2\n`),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.from(parts.join('')));
const answer = fc.record({ name, content: fc.option(content, { nil: undefined }) });

const printed = (answers: readonly { readonly name: string; readonly content: Buffer | undefined }[]) =>
  Buffer.concat(
    answers.map((one) =>
      one.content === undefined
        ? Buffer.from(`${one.name} missing\n`)
        : Buffer.concat([
            Buffer.from(`${one.name} blob ${one.content.length}\n`),
            one.content,
            Buffer.from('\n'),
          ]),
    ),
  );

describe('makeBlobStream', () => {
  test.prop([fc.array(answer, { maxLength: 6 }), fc.infiniteStream(fc.integer({ min: 1, max: 60 }))])(
    'gives every blob once, in order, and none for a missing one',
    (answers, sizes) => {
      const seen: [string, string][] = [];
      const stream = makeBlobStream((blob, bytes) => seen.push([blob, bytes.toString('latin1')]));
      let rest = printed(answers);
      for (const size of sizes) {
        if (rest.length === 0) break;
        stream.take(rest.subarray(0, size));
        rest = rest.subarray(size);
      }
      expect(seen).toEqual(
        answers.flatMap((one) =>
          one.content === undefined ? [] : [[one.name, one.content.toString('latin1')]],
        ),
      );
    },
  );
});
