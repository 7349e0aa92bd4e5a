/** Writes a text of any length to a stream, no faster than it is taken. */
import type { Writable } from 'node:stream';
import type { Task } from 'fp-ts/lib/Task.js';
import { gathered } from '../render/pieces.js';

/** Never rejects: a stream that is closed takes nothing more. What became of it is told by its own events. */
export const writeAll =
  (stream: Writable, pieces: Iterable<string>, hide: (text: string) => string): Task<void> =>
  async () => {
    for (const text of gathered(pieces)) {
      if (stream.destroyed) return;
      if (!stream.write(hide(text))) await taken(stream);
    }
  };

const taken = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    if (stream.destroyed) resolve();
    else stream.on('drain', done).on('close', done);
  });
