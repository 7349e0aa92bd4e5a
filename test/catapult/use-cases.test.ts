import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/catapult/answer.js';
import type { Catapult } from '../../src/catapult/catapult.js';
import {
  completeConference,
  getConference,
  holdConference,
  muteConference,
  unholdConference,
  unmuteConference,
  updateConference,
} from '../../src/catapult/use-cases.js';
import { ConferenceId } from '../../src/conference/id.js';
import { Settings } from '../../src/conference/settings.js';
import { clientOf, serveHttp } from './loopback.js';

const known = ConferenceId.decode('conf-1');
const all = Settings.decode({ mute: 'true', callbackTimeout: '2000', callbackHttpMethod: 'get', tag: 'x' });
if (E.isLeft(known) || E.isLeft(all)) throw new Error('the examples are valid');
const id = known.right;

type UseCase = (catapult: Catapult) => () => Promise<E.Either<Failure, unknown>>;

const cases: readonly (readonly [string, UseCase, string, string])[] = [
  ['complete', completeConference(id), 'POST', '{"state":"completed"}'],
  ['mute', muteConference(id), 'POST', '{"mute":true}'],
  ['unmute', unmuteConference(id), 'POST', '{"mute":false}'],
  ['hold', holdConference(id), 'POST', '{"hold":true}'],
  ['unhold', unholdConference(id), 'POST', '{"hold":false}'],
  [
    'update',
    updateConference(id, all.right),
    'POST',
    '{"mute":true,"callbackTimeout":2000,"callbackHttpMethod":"GET","tag":"x"}',
  ],
  ['get', getConference(id), 'GET', ''],
];

describe('the use cases', () => {
  it.each(cases)('%s', async (_name, useCase, method, body) => {
    await using api = await serveHttp((response) => response.writeHead(200).end('{"state":"active"}'));
    using client = clientOf(api.endpoint);
    expect(E.isRight(await useCase(client)())).toBe(true);
    expect(api.received).toMatchObject([{ method, body, url: '/v1/users/u-1/conferences/conf-1' }]);
  });

  it.each(cases)('%s hands a failure on', async (_name, useCase) => {
    await using api = await serveHttp((response) =>
      response.writeHead(404).end('{"code":"conference-not-found"}'),
    );
    using client = clientOf(api.endpoint);
    expect(await useCase(client)()).toMatchObject({ left: { _tag: 'Missing' } });
  });
});
