import { describe, expect, it } from 'vitest';
import { defaultAssumptions } from '../../src/catapult/assumptions.js';
import { badCredentials, conferenceNotFound, rateLimited, type Refusal } from '../../src/sandbox/refusal.js';
import { type RequestFacts, toReply } from '../../src/sandbox/reply.js';

const request: RequestFacts = {
  method: 'POST',
  path: '/v1/users/u-1/conferences/conf-x',
  remoteAddress: '127.0.0.1',
};

const reply = (refusal: Refusal) => toReply({ _tag: 'Refused', refusal }, request, defaultAssumptions);

describe('errors', () => {
  it('have the shape of the captured ones', () => {
    const { status, headers, body } = reply(conferenceNotFound('conf-x'));
    expect([status, headers]).toEqual([404, { 'Content-Type': 'application/json' }]);
    expect(JSON.parse(body)).toEqual({
      category: 'not-found',
      code: 'conference-not-found',
      message: 'The conference conf-x could not be found',
      details: [
        { name: 'conferenceId', value: 'conf-x' },
        { name: 'requestMethod', value: 'POST' },
        { name: 'remoteAddress', value: '127.0.0.1' },
        { name: 'requestPath', value: 'users/u-1/conferences/conf-x' },
      ],
    });
  });

  it('have no message beside 429, and the reset in ms', () => {
    const { status, headers, body } = reply(rateLimited(1479308598680, defaultAssumptions));
    expect([status, headers['X-RateLimit-Reset']]).toEqual([429, '1479308598680']);
    expect(JSON.parse(body)).toEqual({
      category: 'too-many-requests',
      code: 'rate-limit-reached',
      details: [
        { name: 'rateLimitResetTime', value: '1479308598680' },
        { name: 'requestMethod', value: 'POST' },
        { name: 'remoteAddress', value: '127.0.0.1' },
        { name: 'requestPath', value: 'users/u-1/conferences/conf-x' },
      ],
    });
  });

  it('ask for credentials beside 401', () => {
    expect(reply(badCredentials()).headers).toMatchObject({ 'WWW-Authenticate': 'Basic realm="Catapult"' });
  });
});

describe('success', () => {
  it('is 200 with nothing in it', () => {
    expect(toReply({ _tag: 'Done' }, request, defaultAssumptions)).toMatchObject({ status: 200, body: '' });
  });

  it('is 201 with the absolute place of what was created', () => {
    const url = 'http://127.0.0.1:4000/v1/users/u-1/conferences/conf-y';
    expect(toReply({ _tag: 'Created', url }, request, defaultAssumptions)).toMatchObject({
      status: 201,
      headers: { Location: url },
      body: '',
    });
  });
});
