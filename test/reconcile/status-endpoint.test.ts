/** `/status` of a daemon with many conferences: made as fast as it is read, and not at all when nobody reads. */
import { request, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { afterEach, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/reconcile/endpoints.js';

const listening: Listening[] = [];
afterEach(async () => {
  for (const one of listening.splice(0)) await one.close();
});

const piece = `${'x'.repeat(9_999)}\n`;
const count = 5_000;

/** Fifty megabytes, more than all the buffers on the way. */
const serve = async (): Promise<{
  readonly address: string;
  readonly made: () => number;
  readonly over: Promise<void>;
}> => {
  let made = 0;
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const pieces = function* (): Generator<string> {
    try {
      for (; made < count; ) {
        made += 1;
        yield piece;
      }
    } finally {
      end();
    }
  };
  const started = await listen('127.0.0.1', 0, {
    readiness: () => ({ ready: true, reasons: [] }),
    metrics: async () => ({ text: '', contentType: 'text/plain' }),
    status: () => Promise.resolve(pieces()),
    events: O.none,
    hooks: O.none,
  })();
  if (E.isLeft(started)) throw new Error(started.left);
  listening.push(started.right);
  return { address: started.right.address, made: () => made, over };
};

const ask = (address: string, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(`${address}${path}`, { agent: false }, resolve).on('error', reject).end();
  });

it('waits for a reader that pauses, and gives it everything', async () => {
  const { address, made } = await serve();
  const response = await ask(address, '/status');
  expect(response.headers['content-type']).toBe('application/json');
  // Others are served meanwhile.
  await textOf(await ask(address, '/healthz'));
  expect(made()).toBeLessThan(count);
  expect(await textOf(response)).toBe(piece.repeat(count));
});

it('makes no more once the reader has left', async () => {
  const { address, made, over } = await serve();
  const response = await ask(address, '/status');
  response.destroy();
  await over;
  expect(made()).toBeLessThan(count);
});
