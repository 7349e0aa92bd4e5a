/** An API on loopback that answers as a test says, and remembers what arrived. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { makeFeed, type Feed } from './feed.js';
import type { Scope } from './scope.js';

export interface Arrival {
  readonly atMs: number;
  readonly method: string;
  readonly conference: string;
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The answer waits for this. */
  readonly after?: Promise<unknown>;
}

export interface ScriptedApi {
  readonly endpoint: string;
  readonly port: number;
  readonly calls: Feed<Arrival>;
  /** What arrived for one conference. */
  readonly bodies: (conference: string) => readonly unknown[];
  /** Most calls under way at once to one conference. */
  readonly mostAtOnce: () => number;
  /** Says how later calls are answered. */
  readonly answer: (script: (arrival: Arrival) => Reply) => void;
  /** Later calls are answered by 200, and not before they are released: so many of them, or all and all to come. */
  readonly hold: () => (most?: number) => void;
  /** Nobody listens on the port any more. */
  readonly close: () => Promise<void>;
  readonly reopen: () => Promise<void>;
}

const ok = (): Reply => ({ status: 200 });

export const refusal = (status: number, code: string, message = code, category = 'bad-request'): Reply => ({
  status,
  json: { category, code, message, details: [] },
});

export const scriptedApi = async ({ onTestFinished }: Scope): Promise<ScriptedApi> => {
  const calls = makeFeed<Arrival>((arrival) => JSON.stringify(arrival));
  let script: (arrival: Arrival) => Reply = ok;
  let most = 0;
  const busy = new Map<string, number>();
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = Date.now();
    const text = await textOf(request);
    const conference = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const arrival = { atMs, method: request.method ?? '', conference, body };
    const reply = script(arrival);
    const now = (busy.get(conference) ?? 0) + 1;
    busy.set(conference, now);
    most = Math.max(most, now);
    calls.push(arrival);
    await reply.after;
    busy.set(conference, (busy.get(conference) ?? 1) - 1);
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.json === undefined ? '' : JSON.stringify(reply.json));
  };
  let server = createServer((request, response) => void listener(request, response));
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
    return address.port;
  };
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  onTestFinished(close);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    calls,
    bodies: (id) => calls.all.filter(({ conference }) => conference === id).map(({ body }) => body),
    mostAtOnce: () => most,
    answer: (next) => {
      script = next;
    },
    hold: () => {
      const held: (() => void)[] = [];
      script = () => ({ status: 200, after: new Promise<void>((release) => held.push(release)) });
      return (most) => {
        if (most === undefined) script = ok;
        for (const release of held.splice(0, most ?? held.length)) release();
      };
    },
    close,
    reopen: async () => {
      server = createServer((request, response) => void listener(request, response));
      await listen(port);
    },
  };
};
