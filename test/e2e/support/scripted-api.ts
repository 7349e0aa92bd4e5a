/**
 * An API that answers as a test says, also as no decent server would. It is a bare HTTP server: nothing of
 * holdfast's own sandbox is in it, so that one error in both cannot hide.
 */
import { once } from 'node:events';
import http from 'node:http';
import { parseRecord, type Json } from './json.js';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly conference: string;
  readonly authorization: string | undefined;
  /** {} for a GET. */
  readonly body: Json;
  /** How many requests to this conference with this method came before. */
  readonly earlier: number;
  /** When it had arrived. */
  readonly atMs: number;
}

export type Reply =
  | {
      readonly status: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** No answer, until the server stops. */
  | 'hang'
  /** The request was read; the connection is reset instead of an answer. */
  | 'reset'
  /** The request was read; the connection is closed instead of an answer. */
  | 'close'
  /** 200, and half of the announced body. */
  | 'truncate';

export type Handler = (request: ApiRequest) => Reply | Promise<Reply>;

export interface ScriptedApi {
  readonly endpoint: string;
  /** In the order of their arrival. */
  readonly requests: readonly ApiRequest[];
  /** What was sent to a conference, or to all, by POST. */
  readonly bodies: (conference?: string) => readonly Json[];
  /** Waits until this many requests have arrived. */
  readonly received: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const ok: Reply = { status: 200 };

/** An error as the API words it. */
export const apiError = (status: number, code: string, message: string, category = 'test'): Reply => ({
  status,
  json: { category, code, message, details: [] },
});

export const scriptedApi = async (handler: Handler = () => ok, port = 0): Promise<ScriptedApi> => {
  const requests: ApiRequest[] = [];
  const waiting = new Set<() => void>();
  const server = http.createServer((incoming, response) => {
    void receive(incoming, requests).then(async (request) => {
      for (const wake of waiting) wake();
      answer(await handler(request), response);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    bodies: (conference) =>
      requests
        .filter((one) => one.method === 'POST' && (conference ?? one.conference) === one.conference)
        .map(({ body }) => body),
    received: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
};

const receive = async (incoming: http.IncomingMessage, requests: ApiRequest[]): Promise<ApiRequest> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = '', url = '' } = incoming;
  const conference = /\/conferences\/([^/?]+)/.exec(url)?.[1] ?? '';
  const earlier = requests.filter((one) => one.conference === conference && one.method === method).length;
  const request: ApiRequest = {
    method,
    path: url,
    conference,
    authorization: incoming.headers.authorization,
    body: text === '' ? {} : parseRecord(text),
    earlier,
    atMs: Date.now(),
  };
  requests.push(request);
  return request;
};

const answer = (reply: Reply, response: http.ServerResponse): void => {
  if (reply === 'hang') return;
  if (reply === 'reset') return void response.socket?.resetAndDestroy();
  if (reply === 'close') return void response.socket?.destroy();
  if (reply === 'truncate') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"id":"conf');
    return void setImmediate(() => response.socket?.end());
  }
  const text = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(text);
};
