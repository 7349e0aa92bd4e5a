/** Real servers on loopback: one that speaks HTTP, and one that writes bytes as told. */
import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { type CatapultClient, type CatapultConfig, makeCatapult } from '../../src/catapult/client.js';
import { type Endpoint, parseEndpoint } from '../../src/catapult/endpoint.js';

export const token = 't-4xq7secrettoken';
export const secret = '9f8e7d6c5b4a39281706';
export const nowMs = 1_700_000_000_000;

export interface Loopback<Server extends net.Server = net.Server> extends AsyncDisposable {
  readonly server: Server;
  readonly endpoint: Endpoint;
  /** Every connection that was ever made. */
  readonly sockets: readonly net.Socket[];
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Answering = (response: http.ServerResponse, received: Received) => void;

/** Answers every request, after its body has arrived, and keeps what it received. */
export const serveHttp = async (
  answer: Answering,
): Promise<Loopback & { readonly received: readonly Received[] }> => {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: string[] = [];
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const whole = { method, url, headers, body: chunks.join('') };
      received.push(whole);
      answer(response, whole);
    });
  });
  return { ...(await listen(server, 'http')), received };
};

/** Hands over each connection when the first bytes of a request are there. */
export const serveBytes = (talk: (socket: net.Socket) => void): Promise<Loopback> =>
  listen(
    net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        talk(socket);
      });
    }),
    'http',
  );

export const listen = async <Server extends net.Server>(
  server: Server,
  protocol: 'http' | 'https',
): Promise<Loopback<Server>> => {
  const sockets: net.Socket[] = [];
  server.on('connection', (socket: net.Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    server,
    sockets,
    endpoint: endpointOf(`${protocol}://127.0.0.1:${port}`),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

export const endpointOf = (text: string): Endpoint => {
  const parsed = parseEndpoint(text);
  if (E.isLeft(parsed)) throw new Error(parsed.left);
  return parsed.right;
};

export const clientOf = (
  endpoint: Endpoint,
  more: Partial<CatapultConfig> = {},
): CatapultClient & Disposable => {
  const client = makeCatapult({
    endpoint,
    userId: 'u-1',
    credentials: { token, secret },
    timeoutMs: 60_000,
    now: () => nowMs,
    userAgent: 'holdfast/test',
    ...more,
  });
  return { ...client, [Symbol.dispose]: client.close };
};

/** A promise and the function that fulfils it. */
export const makeGate = <Value>(): {
  readonly opened: Promise<Value>;
  readonly open: (value: Value) => void;
} => {
  let resolveOpened: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => {
    resolveOpened = resolve;
  });
  return { opened, open: resolveOpened };
};
