/**
 * Where the API's callbacks arrive: `/events/<secret>`, by POST with a body or by GET with a query.
 *
 * - Whoever does not know the secret learns nothing: the answer is that of any path that does not exist, and the
 *   body is not read.
 * - Whoever knows it is not trusted either: the body has a bound, and all that is taken from it is a hint.
 * - The answer does not wait for what the hint leads to.
 */
import * as O from 'fp-ts/lib/Option.js';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { eventInQuery, parseEvent } from './callback-event.js';
import type { EventHint } from './event-hint.js';
import { makeIsSecret } from './is-secret.js';

export interface EventIntake {
  /** Any of them opens, so that one can be replaced by another. */
  readonly secrets: readonly string[];
  /** Returns at once and never throws. */
  readonly hear: (hint: EventHint) => void;
  readonly count: (result: EventResult) => void;
}

export type EventResult = 'taken' | 'malformed' | 'too_large' | 'forged';

/** An event of the API has less than one. */
const largestBodyBytes = 64 * 1024;

/** The routes below `/events`. */
export const eventRoutes = ({ secrets, hear, count }: EventIntake): Hono => {
  const isSecret = makeIsSecret(secrets);
  const answer = (context: Context, hint: O.Option<EventHint>): Response => {
    count(O.isSome(hint) ? 'taken' : 'malformed');
    if (O.isNone(hint)) return context.text('no event of a conference\n', 400);
    hear(hint.value);
    return context.body(null, 204);
  };
  const tooLarge = (context: Context): Response => {
    count('too_large');
    return context.text('too large for an event\n', 413);
  };
  const app = new Hono();
  app.use('/:secret', async (context, next) => {
    if (isSecret(context.req.param('secret'))) return next();
    count('forged');
    return context.notFound();
  });
  app.get('/:secret', (context) => answer(context, eventInQuery(new URL(context.req.url).searchParams)));
  app.post('/:secret', bounded(tooLarge), async (context) =>
    answer(context, parseEvent(await context.req.text())),
  );
  // A body that breaks off. The sender is gone, and the error may name the address.
  app.onError((_error, context) => answer(context, O.none));
  return app;
};

/** A body whose length is announced ends there. Any other is counted, which takes several times as long. */
const bounded = (tooLarge: (context: Context) => Response): MiddlewareHandler => {
  const counted = bodyLimit({ maxSize: largestBodyBytes, onError: tooLarge });
  return async (context, next) => {
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined)
      return counted(context, next);
    return Number(length) <= largestBodyBytes ? next() : tooLarge(context);
  };
};
