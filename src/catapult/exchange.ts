/**
 * One HTTP exchange: a request out, an answer in, nothing left behind. What it means is not known here.
 *
 * Invariants: every exchange ends within the timeout, the reading of the body included; at most
 * `longestBodyBytes` of a body are kept; a body is read to its end or its socket is destroyed; redirects are
 * not followed, so the credentials go to the endpoint and nowhere else; certificates are verified whatever
 * the environment says.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import * as E from 'fp-ts/lib/Either.js';
import type { IO } from 'fp-ts/lib/IO.js';
import * as O from 'fp-ts/lib/Option.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Answer } from './classify.js';
import { type FetchResponse, loadFetch } from './fetch.js';

export interface ExchangeConfig {
  readonly protocol: 'http:' | 'https:';
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Further requests wait for a socket, and that counts against their timeout. */
  readonly maxSockets: number;
}

export interface Exchange {
  /** Left: whatever was thrown when no answer came. */
  readonly send: (request: Request) => TE.TaskEither<unknown, Answer>;
  /** Destroys all sockets; exchanges under way end at once. */
  readonly close: IO<void>;
}

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body: O.Option<string>;
}

export const makeExchange = (config: ExchangeConfig): Exchange => {
  const fetch = loadFetch();
  const agent = makeAgent(config);
  const open = new Set<AbortController>();
  /** Of exchanges that have ended well: one costs as much as some of the rest of an exchange. */
  const idle: AbortController[] = [];

  const attempt = async ({ method, url, body }: Request): Promise<E.Either<unknown, Answer>> => {
    const controller = idle.pop() ?? new AbortController();
    const { signal } = controller;
    const headers = O.isSome(body)
      ? { ...config.headers, 'Content-Type': 'application/json' }
      : config.headers;
    const payload = O.isSome(body) ? { body: body.value } : {};
    const timers = [abortAfter(controller, config.timeoutMs, `no answer within ${config.timeoutMs} ms`)];
    open.add(controller);
    try {
      const response = await fetch(url, { method, headers, ...payload, redirect: 'manual', agent, signal });
      timers.push(abortAfter(controller, longestBodyMs, 'the body of the answer did not end'));
      const answer = await readAnswer(response, controller);
      if (!signal.aborted) idle.push(controller);
      return E.right(answer);
    } catch (error) {
      return E.left(signal.aborted ? signal.reason : error);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      open.delete(controller);
    }
  };

  return {
    send: (request) => () => attempt(request),
    close: () => {
      for (const controller of open)
        controller.abort(new Error('the client was closed before the answer came'));
      agent.destroy();
    },
  };
};

/** Plenty for an error and for a conference. */
export const longestBodyBytes = 64 * 1024;

/**
 * After the head of an answer has arrived, its few hundred bytes of body are there or never will be.
 * node-fetch does not notice when a body with a Content-Length ends early, so only a clock does.
 */
const longestBodyMs = 3_000;

/**
 * Idle sockets are given up after this, before servers usually do (5 s and more): a request on a socket that
 * the server has just closed is lost and leaves a doubt. With it, Node also heeds a server's shorter limit.
 */
const longestIdleMs = 4_000;

const makeAgent = ({ protocol, maxSockets }: ExchangeConfig): http.Agent => {
  const options = { keepAlive: true, maxSockets, timeout: longestIdleMs };
  return protocol === 'https:'
    ? new https.Agent({ ...options, rejectUnauthorized: true })
    : new http.Agent(options);
};

const abortAfter = (controller: AbortController, delayMs: number, why: string): NodeJS.Timeout =>
  setTimeout(() => controller.abort(new Error(why)), delayMs);

const readAnswer = async (response: FetchResponse, controller: AbortController): Promise<Answer> => {
  const header = (name: string): O.Option<string> => O.fromNullable(response.headers.get(name));
  return {
    status: response.status,
    rateLimitReset: header('x-ratelimit-reset'),
    date: header('date'),
    location: header('location'),
    body: await readBody(response.body, controller),
  };
};

// Aborting is what destroys the socket of a body that was not read to its end; after the end it does nothing.
// Heard by events, because a loop over the body takes several times as long.
const readBody = (body: Readable, controller: AbortController): Promise<O.Option<string>> =>
  new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    let isOver = false;
    const finish = (isWhole: boolean): void => {
      // node-fetch may still report a fault of a body that has ended; its controller has gone on to another exchange.
      if (isOver) return;
      isOver = true;
      if (!isWhole || bytes > longestBodyBytes) controller.abort();
      resolve(isWhole ? O.some(textOf(chunks)) : O.none);
    };
    body.on('data', (chunk: unknown) => {
      if (!(chunk instanceof Uint8Array) || isOver) return;
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > longestBodyBytes) finish(true);
    });
    body.on('end', () => {
      finish(true);
    });
    for (const event of ['error', 'close'])
      body.on(event, () => {
        finish(false);
      });
    // It may have broken off before anybody could listen.
    if (body.destroyed) finish(false);
  });

const textOf = (chunks: readonly Uint8Array[]): string =>
  chunks.length === 0 ? '' : Buffer.concat(chunks).subarray(0, longestBodyBytes).toString('utf8');
