/** What is done to a request's connection, below HTTP's good manners. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as E from 'fp-ts/lib/Either.js';

/** The whole body, unless it is larger than allowed, or the connection breaks off before its end. */
export const readText = (
  incoming: IncomingMessage,
  maximumBytes: number,
): Promise<E.Either<'too-large' | 'broken-off', string>> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximumBytes) chunks.push(chunk);
    });
    incoming.on('end', () =>
      resolve(bytes > maximumBytes ? E.left('too-large') : E.right(Buffer.concat(chunks).toString('utf8'))),
    );
    incoming.on('error', () => resolve(E.left('broken-off')));
    incoming.on('close', () => resolve(E.left('broken-off')));
  });

/** Until the client has given up or the server has stopped. */
export const untilClosed = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (outgoing.closed || outgoing.destroyed) resolve();
    else outgoing.once('close', () => resolve());
  });

/** Does not keep a process alive that has nothing else to do. */
export const wait = (ms: number): Promise<void> =>
  ms <= 0
    ? Promise.resolve()
    : new Promise((resolve) => {
        setTimeout(resolve, ms).unref();
      });
