import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { writeAll } from '../../src/cli/write-all.js';

const line = `${'x'.repeat(999)}\n`;
const same = (text: string): string => text;

/** As many lines as wanted, and how many were made. */
const lines = (count: number): { readonly made: () => number; readonly pieces: Iterable<string> } => {
  let made = 0;
  const pieces = (function* (): Generator<string> {
    for (; made < count; ) {
      made += 1;
      yield line;
    }
  })();
  return { made: () => made, pieces };
};

it('gives a slow reader everything, and makes no more than it takes', async () => {
  const written: number[] = [];
  let text = '';
  let ahead = 0;
  const { made, pieces } = lines(2_000);
  const slow = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      written.push(chunk.length);
      text += chunk;
      ahead = Math.max(ahead, made() * line.length - text.length);
      void setImmediate().then(() => done());
    },
  });
  await writeAll(slow, pieces, same)();
  slow.end();
  await once(slow, 'finish');
  expect(text).toBe(line.repeat(2_000));
  expect(Math.max(...written)).toBeLessThanOrEqual(66_000);
  expect(ahead).toBeLessThanOrEqual(66_000);
});

it.each(['before it begins', 'while somebody waits for it'])(
  'ends when nobody reads any more: %s',
  async (when) => {
    const closed = new PassThrough({ highWaterMark: 1 });
    const { made, pieces } = lines(100_000);
    if (when === 'before it begins') closed.destroy();
    const ended = writeAll(closed, pieces, same)();
    await setImmediate();
    closed.destroy();
    await ended;
    expect(made()).toBeLessThan(1_000);
  },
);

it('hides what must not be seen', async () => {
  const stream = new PassThrough();
  await writeAll(stream, ['a secret', '\n'], (text) => text.replace('secret', '***'))();
  expect(String(stream.read())).toBe('a ***\n');
});
