/**
 * Talks to the sandbox as the API's released SDKs do, byte for byte where it matters. What they send and what
 * they can read was taken from their sources; whoever changes the sandbox must not break them.
 */
import { describe, expect, it } from 'vitest';
import { authorization, clientOf, receiver, sandboxWith, send } from './loopback.js';

const json = { authorization, 'content-type': 'application/json', accept: 'application/json' };

describe('python', () => {
  it('sends all eight settings, null for the unset ones', async () => {
    const sandbox = await sandboxWith();
    const { url, create, get } = clientOf(sandbox);
    const path = await create({ tag: 'kept', callbackTimeout: '2000' });
    const body =
      '{"state": "completed", "mute": null, "hold": null, "callbackUrl": null, "callbackTimeout": null,' +
      ' "callbackHttpMethod": null, "fallbackUrl": null, "tag": null}';
    expect(await send(`${url}${path}`, { method: 'POST', headers: json, body })).toMatchObject({
      status: 200,
    });
    expect((await get(path)).json).toMatchObject({ state: 'completed', tag: 'kept', callbackTimeout: 2000 });
  });

  it('posts a JSON type and no body when it has no parameters', async () => {
    const { url, create } = clientOf(await sandboxWith());
    const path = await create();
    const answer = await send(`${url}${path}`, {
      method: 'POST',
      headers: { ...json, 'content-length': '0' },
    });
    expect(answer).toMatchObject({ status: 200, text: '' });
  });
});

describe('node', () => {
  it('posts nothing, without a type, and takes 200, 201 and 202 for success', async () => {
    const { url, create } = clientOf(await sandboxWith());
    const path = await create();
    const answer = await send(`${url}${path}`, { method: 'POST', headers: { authorization } });
    expect([200, 201, 202]).toContain(answer.status);
  });

  it('takes the id from behind the last slash of Location', async () => {
    const { url, get } = clientOf(await sandboxWith());
    const body = '{"from":"+19703255647"}';
    const created = await send(`${url}/conferences`, { method: 'POST', headers: { authorization }, body });
    const { location = '' } = created.headers;
    const id = location.slice(location.lastIndexOf('/') + 1);
    expect(await get(`/conferences/${id}`)).toMatchObject({ status: 200, json: { id } });
  });
});

describe('java', () => {
  it('mutes with a quoted boolean, then reads the conference back', async () => {
    const { post, get, create } = clientOf(await sandboxWith());
    const path = await create();
    expect(await post(path, { mute: 'true' })).toMatchObject({ status: 200 });
    expect(await get(path)).toMatchObject({ json: { mute: true } });
  });

  it('cuts the id out of Location after the URL it posted to', async () => {
    const { url, get } = clientOf(await sandboxWith());
    const body = '{"from":"+19703255647"}';
    const created = await send(`${url}/conferences`, { method: 'POST', headers: json, body });
    const id = created.headers.location?.substring(`${url}/conferences`.length + 1) ?? '';
    expect(await get(`/conferences/${id}`)).toMatchObject({ status: 200, json: { id } });
  });

  it('reads dates with seconds and Z only', async () => {
    const { post, get, create } = clientOf(await sandboxWith());
    const path = await create();
    await post(`${path}/members`, { callId: 'c-1' });
    await post(path, { state: 'completed' });
    const date: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await get(path)).json).toMatchObject({ createdTime: date, completedTime: date });
    expect((await get(`${path}/members`)).json).toMatchObject([{ addedTime: date, removedTime: date }]);
  });
});

describe('csharp', () => {
  it('parses Location as an absolute URI and takes its path', async () => {
    const { url } = clientOf(await sandboxWith());
    const body = '{"from":"+19703255647","callbackHttpMethod":"get"}';
    const created = await send(`${url}/conferences`, { method: 'POST', headers: json, body });
    const path = new URL(created.headers.location ?? '').pathname;
    expect(path).toMatch(/^\/v1\/users\/u-1\/conferences\/conf-[a-z2-7]{23}$/);
  });

  it('unmutes with an empty object, which changes nothing', async () => {
    const { url, get, create, post } = clientOf(await sandboxWith());
    const path = await create();
    await post(path, { mute: true });
    expect(await send(`${url}${path}`, { method: 'POST', headers: json, body: '{}' })).toMatchObject({
      status: 200,
    });
    expect((await get(path)).json).toMatchObject({ mute: true });
  });
});

describe('ruby', () => {
  it('parses every error as JSON', async () => {
    const { url, get } = clientOf(await sandboxWith({ rate: 1, now: () => 5000 }));
    const answers = [await send(`${url}/conferences/x`), await get('/nowhere'), await get('/conferences/x')];
    answers.push(await get('/conferences/x'));
    expect(answers.map(({ status }) => status)).toEqual([401, 404, 404, 429]);
    for (const answer of answers) expect(answer.json).toHaveProperty('category');
  });
});

describe('curl, as on the page "Update Conference"', () => {
  it.each(['\n\t{\n\t\t"mute": "true"\n\t}', '{"mute": "true"}'])('sends %j', async (body) => {
    const { url, get, create } = clientOf(await sandboxWith());
    const path = await create();
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send(`${url}${path}`, { method: 'POST', headers, body })).toMatchObject({ status: 200 });
    expect((await get(path)).json).toMatchObject({ mute: true });
  });

  it('terminates the conference, and the application hears of it', async () => {
    const hooks = await receiver();
    const { url, create } = clientOf(await sandboxWith());
    const path = await create({ callbackUrl: hooks.url });
    await send(`${url}${path}`, { method: 'POST', headers: json, body: '{"state": "completed"}' });
    const [, ended] = await hooks.received(2);
    expect(JSON.parse(ended?.body ?? '')).toMatchObject({ eventType: 'conference', status: 'completed' });
  });
});
