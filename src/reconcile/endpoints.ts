/** What the daemon serves over HTTP. It only reads, but for the events and the pushes it is told of. */
import { setImmediate } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { Hono } from 'hono';
import { eventRoutes, type EventIntake } from './event-intake.js';
import { hookRoutes, type HookIntake } from './hook-intake.js';

export interface Endpoints {
  readonly readiness: () => { readonly ready: boolean; readonly reasons: readonly string[] };
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  /** JSON text, in pieces that take some milliseconds each: made only as fast as they are read. */
  readonly status: () => Promise<Iterable<string>>;
  /** none: no events are taken. */
  readonly events: O.Option<EventIntake>;
  /** none: nobody is told of pushes. */
  readonly hooks: O.Option<HookIntake>;
}

export interface Listening {
  readonly address: string;
  readonly close: Task<void>;
}

/** Left: why it cannot listen. Port 0 takes a free one. */
export const listen =
  (host: string, port: number, endpoints: Endpoints): TaskEither<string, Listening> =>
  () =>
    new Promise((resolve) => {
      const server = serve({ fetch: routes(endpoints).fetch, hostname: host, port }, ({ port: taken }) => {
        const address = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
        resolve(E.right({ address, close: () => closed(server) }));
      });
      server.on('error', ({ message }: Error) => {
        resolve(E.left(message));
      });
    });

const routes = ({ readiness, metrics, status, events, hooks }: Endpoints): Hono => {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', (context) => {
    const seen = readiness();
    return context.json(seen, seen.ready ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { text, contentType } = await metrics();
    return context.body(text, 200, { 'Content-Type': contentType });
  });
  app.get('/status', async (context) =>
    context.body(streamOf(await status()), 200, { 'Content-Type': 'application/json' }),
  );
  if (O.isSome(events)) app.route('/events', eventRoutes(events.value));
  if (O.isSome(hooks)) app.route('/hooks', hookRoutes(hooks.value));
  return app;
};

/** Between two pieces everybody else has a turn, however fast they are read. */
const streamOf = (pieces: Iterable<string>): ReadableStream<Uint8Array> => {
  const texts = pieces[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        await setImmediate();
        const next = texts.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      cancel: () => {
        texts.return?.();
      },
    },
    // Nothing is made before somebody asks for it.
    { highWaterMark: 0 },
  );
};

const closed = (server: ReturnType<typeof serve>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
