/** The API's routes on HTTP. What is no route answers 404 in JSON, like everything else here. */
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { type Context, Hono } from 'hono';
import { readText, untilClosed, wait } from './connection.js';
import type { Call, Ending, Platform } from './platform.js';
import type { Endpoint } from './rate-limit.js';
import { badParameters, type Refusal, resourceNotFound } from './refusal.js';
import { type RequestFacts, toReply } from './reply.js';
import type { SandboxConfig } from './sandbox.js';
import type { Store } from './store.js';

type Env = { readonly Bindings: HttpBindings };

const maximumBodyBytes = 1024 * 1024;

const conferences = '/v1/users/:userId/conferences';
const conference = `${conferences}/:conferenceId` as const;
const members = `${conference}/members` as const;
const member = `${members}/:memberId` as const;

export const makeService = (config: SandboxConfig, store: Store, platform: Platform): Hono<Env> => {
  const serve = makeServe(config, platform);
  const app = new Hono<Env>();
  app.post(conferences, (c) => {
    const userId = c.req.param('userId');
    return serve(c, 'conferences', (body) => ({
      _tag: 'Create',
      conferenceId: store.nextId(userId, 'conf'),
      body,
    }));
  });
  app.get(conference, (c) => serve(c, 'conferences', () => ({ _tag: 'Read', ...c.req.param() })));
  app.post(conference, (c) =>
    serve(c, 'conferences', (body) => ({ _tag: 'Update', ...c.req.param(), body })),
  );
  app.post(`${conference}/audio`, (c) =>
    serve(c, 'audio', (body) => ({ _tag: 'PlayAudio', ...c.req.param(), body })),
  );
  app.get(members, (c) =>
    serve(c, 'members', () => ({
      _tag: 'ReadMembers',
      ...c.req.param(),
      ...readPage(c.req.query('page'), c.req.query('size')),
    })),
  );
  app.post(members, (c) => {
    const { userId, conferenceId } = c.req.param();
    return serve(c, 'members', (body) => ({
      _tag: 'AddMember',
      conferenceId,
      memberId: store.nextId(userId, 'member'),
      body,
    }));
  });
  app.get(member, (c) => serve(c, 'members', () => ({ _tag: 'ReadMember', ...c.req.param() })));
  app.post(member, (c) => serve(c, 'members', (body) => ({ _tag: 'UpdateMember', ...c.req.param(), body })));
  app.post(`${member}/audio`, (c) =>
    serve(c, 'audio', (body) => ({ _tag: 'PlayMemberAudio', ...c.req.param(), body })),
  );
  app.notFound((c) => finish(c, refusedWith(resourceNotFound()), config.now(), config));
  return app;
};

/** Not documented for members, but one SDK asks for pages until one is empty. Without either, all are shown. */
const readPage = (
  page: string | undefined,
  size: string | undefined,
): { readonly from: number; readonly to: number } => {
  if (page === undefined && size === undefined) return { from: 0, to: Number.POSITIVE_INFINITY };
  const count = Math.min(toCount(size) ?? 25, 1000);
  const from = (toCount(page) ?? 0) * count;
  return { from, to: from + count };
};

const toCount = (text: string | undefined): number | undefined =>
  text !== undefined && /^[0-9]{1,6}$/.test(text) ? Number(text) : undefined;

const makeServe =
  (config: SandboxConfig, platform: Platform) =>
  async (c: Context<Env>, endpoint: Endpoint, toCommand: Call['toCommand']): Promise<Response> => {
    const startedMs = config.now();
    const text = await readText(c.env.incoming, maximumBodyBytes);
    if (E.isLeft(text) && text.left === 'broken-off') return RESPONSE_ALREADY_SENT;
    const ending = E.isRight(text)
      ? platform({
          authorization: O.fromNullable(c.req.header('Authorization')),
          userId: c.req.param('userId') ?? '',
          conferenceId: c.req.param('conferenceId') ?? '',
          method: c.req.method,
          endpoint,
          origin: new URL(c.req.url).origin,
          text: text.right,
          toCommand,
        })
      : refusedWith({ ...badParameters(), status: 413 });
    await wait(config.latencyMs);
    return finish(c, ending, startedMs, config);
  };

const refusedWith = (refusal: Refusal): Ending => ({
  _tag: 'Answered',
  answer: { _tag: 'Refused', refusal },
});

const finish = async (
  c: Context<Env>,
  ending: Ending,
  startedMs: number,
  { assumptions, now, report }: SandboxConfig,
): Promise<Response> => {
  const request: RequestFacts = {
    method: c.req.method,
    path: c.req.path,
    remoteAddress: c.env.incoming.socket.remoteAddress ?? '127.0.0.1',
  };
  const facts = { method: request.method, path: request.path };
  if (ending._tag === 'Answered') {
    const { status, headers, body } = toReply(ending.answer, request, assumptions);
    report({ _tag: 'Served', ...facts, status, ms: now() - startedMs });
    return new Response(body === '' ? null : body, { status, headers });
  }
  const fault = faultNames[ending.fault._tag];
  if (fault === 'timeout') await untilClosed(c.env.outgoing);
  else c.env.incoming.socket.destroy();
  report({ _tag: 'Unanswered', ...facts, fault, ms: now() - startedMs });
  return RESPONSE_ALREADY_SENT;
};

const faultNames = { Timeout: 'timeout', Reset: 'reset', Lost: 'lost' } as const;
