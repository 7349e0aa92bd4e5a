/** One request to a daemon, on a connection of its own, in as many pieces as wanted. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { Listening } from '../../src/reconcile/endpoints.js';

export const send = async (
  { address }: Pick<Listening, 'address'>,
  method: string,
  target: string,
  chunks: readonly (string | Uint8Array)[] = [],
  headers: Readonly<Record<string, string | number>> = {},
): Promise<{ readonly status: number; readonly text: string }> => {
  const request = httpRequest(`${address}${target}`, { method, agent: false, headers });
  const answered = new Promise<IncomingMessage>((resolve) => request.on('response', resolve));
  // The other side may stop reading.
  request.on('error', () => undefined);
  for (const chunk of chunks) request.write(chunk);
  request.end();
  const response = await answered;
  return { status: response.statusCode ?? 0, text: await textOf(response) };
};
