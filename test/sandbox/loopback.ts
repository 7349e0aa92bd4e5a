/** Real HTTP on loopback: a sandbox, a client as plain as any, and an application that takes callbacks. */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { onTestFinished } from 'vitest';
import { type Assumptions, defaultAssumptions } from '../../src/catapult/assumptions.js';
import type { Sandbox, SandboxConfig, SandboxEvent } from '../../src/sandbox/sandbox.js';
import { startSandbox } from '../../src/sandbox/server.js';

export interface TestSandbox extends Sandbox {
  /** Everything reported so far. */
  readonly reports: readonly SandboxEvent[];
  /** Resolves with the first report, past or to come, that is wanted. */
  readonly reported: (wanted: (event: SandboxEvent) => boolean) => Promise<SandboxEvent>;
}

export interface Overrides extends Partial<Omit<SandboxConfig, 'assumptions' | 'report'>> {
  readonly assumptions?: Partial<Assumptions>;
}

/** A sandbox without limits, closed when the test is over. */
export const sandboxWith = async ({ assumptions, ...overrides }: Overrides = {}): Promise<TestSandbox> => {
  const reports: SandboxEvent[] = [];
  const listeners = new Set<() => void>();
  const started = await startSandbox({
    port: 0,
    rate: 'unlimited',
    latencyMs: 0,
    faults: [],
    seed: 1,
    now: Date.now,
    ...overrides,
    assumptions: { ...defaultAssumptions, ...assumptions },
    report: (event) => {
      reports.push(event);
      for (const listener of listeners) listener();
    },
  })();
  if (E.isLeft(started)) throw new Error(JSON.stringify(started.left));
  onTestFinished(started.right.close);
  const reported = (wanted: (event: SandboxEvent) => boolean): Promise<SandboxEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = reports.find(wanted);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { ...started.right, reports, reported };
};

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** undefined for an empty body. */
  readonly json: unknown;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export const authorization = `Basic ${Buffer.from('t-token:secret').toString('base64')}`;

/** Sends exactly what it is given, on a connection of its own. Rejects when the connection breaks. */
export const send = (
  url: string,
  { method = 'GET', headers = {}, body, signal }: Request = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false, ...(signal ? { signal } : {}) });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const json: unknown = text === '' ? undefined : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
      response.on('error', reject);
    });
    request.end(body);
  });

/** A client of one user, with credentials and JSON bodies. */
export const clientOf = ({ endpoint }: Sandbox, userId = 'u-1') => {
  const url = `${endpoint}/v1/users/${userId}`;
  return {
    url,
    get: (path: string) => send(`${url}${path}`, { headers: { authorization } }),
    post: (path: string, body: object) =>
      send(`${url}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    /** Creates a conference and gives its path. */
    create: async (body: object = {}): Promise<string> => {
      const created = await send(`${url}/conferences`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ from: '+19703255647', ...body }),
      });
      return `/conferences/${created.headers.location?.split('/').at(-1) ?? ''}`;
    },
  };
};

export interface Delivery {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  /** Resolves when so many callbacks have arrived, with all of them in order. */
  readonly received: (count: number) => Promise<readonly Delivery[]>;
}

/** An application on loopback. `answer` decides what it says; undefined lets the caller wait for ever. */
export const receiver = async (
  answer: (delivery: Delivery) => number | undefined = () => 200,
): Promise<Receiver> => {
  const deliveries: Delivery[] = [];
  const listeners = new Set<() => void>();
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const delivery = { method, url, headers, body };
      deliveries.push(delivery);
      const status = answer(delivery);
      if (status !== undefined) response.writeHead(status).end('thanks');
      for (const listener of listeners) listener();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const received = (count: number): Promise<readonly Delivery[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (deliveries.length < count) return;
        listeners.delete(look);
        resolve([...deliveries]);
      };
      listeners.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, received };
};

/** A port on which nobody listens. */
export const deadPort = async (): Promise<number> => {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const portOf = (address: AddressInfo | string | null): number => {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
};
