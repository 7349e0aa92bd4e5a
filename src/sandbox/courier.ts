/**
 * Delivers callbacks by HTTP. Those of one conference arrive one after the other, in order; a slow application
 * delays its own conferences and no API call.
 *
 * Bounds: callbacks waiting, connections open, and the time for each request, which is the conference's own
 * `callbackTimeout`. Redirects are not followed. A user and password in the URL become Basic auth.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Assumptions } from '../catapult/assumptions.js';
import { maskPasswords } from '../conference/url.js';
import type { Callback, CallbackEvent, Target } from './callback.js';
import type { SandboxEvent } from './sandbox.js';

export interface Courier {
  /** Takes callbacks to deliver, in this order for each conference. Returns at once. */
  readonly submit: (callbacks: readonly Callback[]) => void;
  /** Drops what waits and what is on its way. */
  readonly close: () => void;
}

export const maximumWaiting = 10_000;
const maximumConnections = 64;

export const makeCourier = (assumptions: Assumptions, report: (event: SandboxEvent) => void): Courier => {
  const sender = makeSender();
  const lines = new Map<string, Callback[]>();
  let waiting = 0;

  // A line goes in the same breath in which it is found empty: whoever comes later starts a new one.
  const serve = async (conferenceId: string, line: Callback[]): Promise<void> => {
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      waiting -= 1;
      await deliver(next);
    }
    lines.delete(conferenceId);
  };

  const deliver = async (callback: Callback): Promise<void> => {
    for (const url of addresses(callback.target, assumptions)) {
      const answer = accept(await sender.send(url, callback), assumptions);
      report(describe(callback, url, answer));
      if (E.isRight(answer)) return;
    }
  };

  const submit = (callback: Callback): void => {
    if (waiting >= maximumWaiting) {
      report(describe(callback, callback.target.url, E.left('too many callbacks are waiting')));
      return;
    }
    waiting += 1;
    const { conferenceId } = callback;
    const line = lines.get(conferenceId);
    if (line !== undefined) {
      line.push(callback);
      return;
    }
    const started = [callback];
    lines.set(conferenceId, started);
    void serve(conferenceId, started);
  };

  return {
    submit: (callbacks) => callbacks.forEach(submit),
    close: () => {
      for (const line of lines.values()) line.length = 0;
      sender.close();
    },
  };
};

/** Why there was no good answer, for people; or the status. */
type Delivery = E.Either<string, number>;

const addresses = ({ url, fallbackUrl }: Target, { callbackRetries }: Assumptions): readonly string[] => [
  ...Array.from({ length: 1 + Number(callbackRetries) }, () => url),
  ...(O.isSome(fallbackUrl) ? [fallbackUrl.value] : []),
];

const accept = (delivery: Delivery, { callbackFailure }: Assumptions): Delivery =>
  E.isRight(delivery) && callbackFailure === 'non-2xx' && Math.floor(delivery.right / 100) !== 2
    ? E.left(`answered ${delivery.right}`)
    : delivery;

const describe = ({ conferenceId, event }: Callback, url: string, delivery: Delivery): SandboxEvent => {
  const facts = { conference: conferenceId, eventType: event.eventType, url: maskPasswords(url) };
  return E.isRight(delivery)
    ? { _tag: 'CallbackDelivered', ...facts, status: delivery.right }
    : { _tag: 'CallbackFailed', ...facts, problem: delivery.left };
};

interface Sender {
  /** Never rejects. */
  readonly send: (url: string, callback: Callback) => Promise<Delivery>;
  readonly close: () => void;
}

const makeSender = (): Sender => {
  const agents = {
    http: new http.Agent({ maxTotalSockets: maximumConnections }),
    https: new https.Agent({ maxTotalSockets: maximumConnections }),
  };
  const inFlight = new Set<http.ClientRequest>();
  let closed = false;

  const send = (url: string, { target, event }: Callback): Promise<Delivery> =>
    new Promise((resolve) => {
      if (closed) {
        resolve(E.left('stopped'));
        return;
      }
      const opened = E.tryCatch(() => openRequest(new URL(url), target.method, event, agents), E.toError);
      if (E.isLeft(opened)) {
        resolve(E.left(opened.left.message));
        return;
      }
      const request = opened.right;
      inFlight.add(request);
      limitTime(request, target.timeoutMs, () => resolve(E.left(`no answer within ${target.timeoutMs} ms`)));
      request.on('response', (response) => {
        response.on('end', () => resolve(E.right(response.statusCode ?? 0)));
        response.on('error', (error) => resolve(E.left(error.message)));
        response.resume();
      });
      request.on('error', (error) => resolve(E.left(error.message)));
      request.on('close', () => {
        inFlight.delete(request);
        resolve(E.left('the connection was closed'));
      });
      request.end(target.method === 'POST' ? JSON.stringify(event) : undefined);
    });

  return {
    send,
    close: () => {
      closed = true;
      for (const request of inFlight) request.destroy();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
};

// The time runs from when the request has a connection to itself, so that a full house is nobody's timeout.
const limitTime = (request: http.ClientRequest, timeoutMs: number, expire: () => void): void => {
  request.once('socket', () => {
    const timer = setTimeout(() => {
      expire();
      request.destroy();
    }, timeoutMs);
    request.once('close', () => clearTimeout(timer));
  });
};

const openRequest = (
  url: URL,
  method: Target['method'],
  event: CallbackEvent,
  agents: { readonly http: http.Agent; readonly https: https.Agent },
): http.ClientRequest => {
  const secure = url.protocol === 'https:';
  const headers = {
    'User-Agent': 'BandwidthAPI/v1 (sandbox)',
    ...(method === 'POST' ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
  };
  if (method === 'GET')
    for (const [name, value] of Object.entries(event)) url.searchParams.append(name, String(value));
  return secure
    ? https.request(url, { method, headers, agent: agents.https })
    : http.request(url, { method, headers, agent: agents.http });
};
