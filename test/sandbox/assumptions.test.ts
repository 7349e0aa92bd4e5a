import { describe, expect, it } from 'vitest';
import * as E from 'fp-ts/lib/Either.js';
import {
  type Assumptions,
  Assumptions as AssumptionsCodec,
  defaultAssumptions,
  parseAssumption,
  showAssumptionError,
} from '../../src/catapult/assumptions.js';
import { parseBody } from '../../src/sandbox/body.js';
import type { CallbackEvent } from '../../src/sandbox/callback.js';
import { userAccessDenied } from '../../src/sandbox/refusal.js';
import { ConferenceId } from '../../src/conference/id.js';
import { clientOf, receiver, sandboxWith, send } from './loopback.js';
import {
  add,
  create,
  leave,
  message,
  type Model,
  play,
  read,
  readMember,
  run,
  said,
  update,
  updateMember,
} from './model.js';

const hooks = { callbackUrl: 'http://hooks.test/events' };
const ended = [create(), update({ state: 'completed' })];
const inRoom = [create(hooks), add('m')];

const eventsOf = ({ events }: Model): readonly unknown[] =>
  events.map((event: CallbackEvent) => event['memberId'] ?? event.eventType);

const field = (model: Model, name: string): unknown => {
  const json = said(model);
  return typeof json === 'object' && json !== null
    ? Object.entries(json).find(([key]) => key === name)?.[1]
    : json;
};

const codeOf = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'code' in json ? json.code : undefined;

/** What can be seen from outside, for each answer to each question. */
const observed: {
  readonly [K in keyof Assumptions]: {
    readonly see: (assumed: Partial<Assumptions>) => unknown;
    readonly expected: Readonly<Record<Assumptions[K], unknown>>;
  };
} = {
  repeatedComplete: {
    see: (assumed) => said(run([...ended, update({ state: 'completed' })], assumed)),
    expected: { error: '403 conference-error', ok: 200 },
  },
  stateInMessage: {
    see: (assumed) =>
      message(run([...ended, update({})], assumed))
        ?.split(' ')
        .at(-1),
    expected: { lower: 'completed', upper: 'COMPLETED' },
  },
  unsetSettings: {
    see: (assumed) => field(run([create(), read], assumed), 'callbackTimeout'),
    expected: { omit: undefined, default: 10_000 },
  },
  unsetStrings: {
    see: (assumed) => field(run([create(), read], assumed), 'tag'),
    expected: { omit: undefined, empty: '', null: null },
  },
  methodInResource: {
    see: (assumed) =>
      field(run([create({ callbackHttpMethod: 'get' }), read], assumed), 'callbackHttpMethod'),
    expected: { upper: 'GET', lower: 'get' },
  },
  emptyTag: {
    see: (assumed) => [
      said(run([create({ tag: 'a' }), update({ tag: '' })], assumed)),
      field(run([create({ tag: 'a' }), update({ tag: '' }), read], assumed), 'tag'),
    ],
    expected: { set: [200, ''], clear: [200, undefined], reject: ['400 blank-property', 'a'] },
  },
  emptyUrl: {
    see: (assumed) => [
      said(run([create(hooks), update({ callbackUrl: '' })], assumed)),
      field(run([create(hooks), update({ callbackUrl: '' }), read], assumed), 'callbackUrl'),
      run([create(hooks), update({ callbackUrl: '' }), add('m')], assumed).events.length,
    ],
    expected: {
      reject: ['400 callback-invalid-url', hooks.callbackUrl, 2],
      clear: [200, undefined, 1],
      set: [200, '', 1],
    },
  },
  fallbackWithoutCallback: {
    see: (assumed) => [
      said(run([create(), update({ fallbackUrl: 'http://hooks.test' })], assumed)),
      said(run([create(hooks), update({ fallbackUrl: 'http://hooks.test' })], assumed)),
      said(run([create({ fallbackUrl: 'http://hooks.test' }), update({})], assumed)),
    ],
    expected: { accept: [200, 200, 200], reject: ['400 validation-error', 200, '404 conference-not-found'] },
  },
  flagsWithoutMembers: {
    see: (assumed) => [
      said(run([create(), update({ mute: true })], assumed)),
      said(run([create(), update({ tag: 'a' })], assumed)),
      said(run([...inRoom, update({ mute: true })], assumed)),
    ],
    expected: { accept: [200, 200, 200], reject: ['403 conference-error', 200, 200] },
  },
  unknownFields: {
    see: (assumed) => said(run([create(), update({ from: '+19703255647' })], assumed)),
    expected: { ignore: 200, reject: '400 validation-error' },
  },
  malformedJson: {
    see: (assumed) => {
      const parsed = parseBody('{', { ...defaultAssumptions, ...assumed });
      return E.isLeft(parsed) ? parsed.left.status : 'parsed';
    },
    expected: { '400': 400, '500': 500 },
  },
  urlError: {
    see: (assumed) => {
      const refused = run([create(), update({ fallbackUrl: 'x' })], assumed);
      return [said(refused), message(refused)];
    },
    expected: {
      'callback-invalid-url': [
        '400 callback-invalid-url',
        "The URL 'x' is not a valid callbackUrl/fallbackUrl",
      ],
      'callback-url-invalid': ['400 callback-url-invalid', "The callback URL 'x' is not a valid URL"],
      'validation-error': ['400 validation-error', 'Invalid fallbackUrl URL. fallbackUrl is not a valid URL'],
    },
  },
  location: {
    see: async (assumptions) => {
      const sandbox = await sandboxWith({ assumptions });
      const { headers } = await clientOf(sandbox).post('/conferences', { from: '+19703255647' });
      return headers.location?.replace(sandbox.endpoint, 'ENDPOINT').replace(/conf-.*/, 'ID');
    },
    expected: { absolute: 'ENDPOINT/v1/users/u-1/conferences/ID', relative: '/v1/users/u-1/conferences/ID' },
  },
  foreignUser: {
    see: async (assumptions) => {
      const sandbox = await sandboxWith({ assumptions });
      const first = await clientOf(sandbox, 'u-1').get('/conferences/x');
      const foreign = await clientOf(sandbox, 'u-2').get('/conferences/x');
      return [first.status, foreign.status, codeOf(foreign.json)];
    },
    expected: {
      accept: [404, 404, 'conference-not-found'],
      '401': [404, 401, 'user-access-denied'],
      '403': [404, 403, 'user-access-denied'],
    },
  },
  badCredentialsBody: {
    see: async (assumptions) => {
      const { endpoint } = await sandboxWith({ assumptions });
      const { status, json } = await send(`${endpoint}/v1/users/u-1/conferences/x`);
      return [status, codeOf(json)];
    },
    expected: { json: [401, 'authentication-error'], empty: [401, undefined] },
  },
  rateScope: {
    see: async (assumptions) => {
      const { get, post } = clientOf(await sandboxWith({ assumptions, rate: 1, now: () => 5000 }));
      await get('/conferences/x');
      return [
        (await post('/conferences/x', {})).status,
        (await get('/conferences/x/members')).status,
        (await get('/conferences/x')).status,
      ];
    },
    expected: { account: [429, 429, 429], resource: [429, 404, 429], method: [404, 404, 429] },
  },
  rateCounts: {
    see: async (assumptions) => {
      let nowMs = 5000;
      const { get } = clientOf(await sandboxWith({ assumptions, rate: 1, now: () => nowMs }));
      await get('/conferences/x');
      nowMs = 5500;
      const refused = await get('/conferences/x');
      nowMs = 6000;
      return [refused.headers['x-ratelimit-reset'], (await get('/conferences/x')).status];
    },
    expected: { allowed: ['6000', 404], every: ['6500', 429] },
  },
  rateResetHeader: {
    see: async (assumptions) => {
      const { get } = clientOf(await sandboxWith({ assumptions, rate: 1, now: () => 5500 }));
      await get('/conferences/x');
      return (await get('/conferences/x')).headers['x-ratelimit-reset'];
    },
    expected: { milliseconds: '6500', seconds: '7', absent: undefined },
  },
  rateCode: {
    see: async (assumptions) => {
      const { get } = clientOf(await sandboxWith({ assumptions, rate: 1, now: () => 5000 }));
      await get('/conferences/x');
      return codeOf((await get('/conferences/x')).json);
    },
    expected: { 'rate-limit-reached': 'rate-limit-reached', 'too-many-requests': 'too-many-requests' },
  },
  overlappingUpdates: {
    see: async (assumptions) => {
      const sandbox = await sandboxWith({ assumptions, latencyMs: 200 });
      for (const id of ['a', 'b']) if (ConferenceId.is(id)) sandbox.ensure('u-1', id, {});
      const { post } = clientOf(sandbox);
      const statuses = async (...ids: readonly string[]) => {
        const answers = await Promise.all(ids.map((id) => post(`/conferences/${id}`, { mute: true })));
        return answers.map(({ status }) => status).sort();
      };
      return [await statuses('a', 'a'), await statuses('a', 'b'), await statuses('a')];
    },
    expected: {
      accept: [[200, 200], [200, 200], [200]],
      conflict: [[200, 409], [200, 200], [200]],
    },
  },
  lostCall: {
    see: async (assumptions) => {
      // With this seed the fault strikes the first call only.
      const faults = [{ fault: { _tag: 'Lost' as const }, probability: 0.5 }];
      const sandbox = await sandboxWith({ assumptions, faults, seed: 8 });
      for (const id of ['a']) if (ConferenceId.is(id)) sandbox.ensure('u-1', id, {});
      const { get, post } = clientOf(sandbox);
      await post('/conferences/a', { mute: true }).catch(() => undefined);
      return JSON.stringify((await get('/conferences/a')).json).includes('"mute":true');
    },
    expected: { 'at-once': true, late: false },
  },
  conferenceFlags: {
    see: (assumed) => {
      const { conference } = run([...inRoom, add('n', { mute: true }), add('gone'), leave('gone')]);
      const muted = run([update({ mute: true })], assumed, conference);
      return [field(run([readMember('m')], assumed, muted.conference), 'mute'), eventsOf(muted)];
    },
    expected: { own: [false, []], members: [true, []], 'members-with-events': [true, ['m']] },
  },
  membersAtCompletion: {
    see: (assumed) => {
      const { conference } = run(inRoom);
      const completed = run([update({ state: 'completed' })], assumed, conference);
      return [field(run([readMember('m')], assumed, completed.conference), 'state'), eventsOf(completed)];
    },
    expected: {
      'events-first': ['completed', ['m', 'conference']],
      'events-last': ['completed', ['conference', 'm']],
      silent: ['completed', ['conference']],
      keep: ['active', ['conference']],
    },
  },
  departedMember: {
    see: (assumed) => {
      const left = [...inRoom, add('n'), leave('m')];
      return [
        said(run([...left, updateMember('m', { mute: true })], assumed)),
        field(run([...left, updateMember('m', { mute: true }), readMember('m')], assumed), 'mute'),
      ];
    },
    expected: { unavailable: ['503 call-unavailable', false], ok: [200, false] },
  },
  callbackFailure: {
    see: async (assumptions) => {
      const failing = await receiver(() => 500);
      const fallback = await receiver();
      const sandbox = await sandboxWith({ assumptions });
      await clientOf(sandbox).create({ callbackUrl: failing.url, fallbackUrl: fallback.url });
      await sandbox.reported(({ _tag }) => _tag === 'CallbackDelivered');
      return (await fallback.received(0)).length;
    },
    expected: { 'non-2xx': 1, 'no-answer': 0 },
  },
  callbackRetries: {
    see: async (assumptions) => {
      const failing = await receiver(() => 500);
      const fallback = await receiver();
      const sandbox = await sandboxWith({ assumptions });
      await clientOf(sandbox).create({ callbackUrl: failing.url, fallbackUrl: fallback.url });
      await sandbox.reported(({ _tag }) => _tag === 'CallbackDelivered');
      return (await failing.received(0)).length;
    },
    expected: { '0': 1, '1': 2, '2': 3 },
  },
  audioEventTag: {
    see: (assumed) => {
      const { conference } = run([create({ ...hooks, tag: 'room' })]);
      const sounds = [play({ sentence: 'a' }), play({ sentence: 'a', tag: 'own' })];
      return run(sounds, assumed, conference).events.map((event) => event['tag']);
    },
    expected: {
      request: [undefined, undefined, 'own', 'own'],
      'request-or-conference': ['room', 'room', 'own', 'own'],
    },
  },
};

describe('every assumption is honoured', () => {
  const rows = Object.entries(observed).flatMap(([key, { see, expected }]) =>
    Object.entries(expected).map(([value, result]) => [key, value, see, result] as const),
  );

  it.each(rows)('%s=%s', async (key, value, see, result) => {
    const assumed = parseAssumption(`${key}=${value}`);
    if (E.isLeft(assumed)) throw new Error(showAssumptionError(assumed.left));
    expect(await see(assumed.right)).toEqual(result);
  });
});

describe('an assumption', () => {
  it('has a default, which is its first value', () => {
    expect(AssumptionsCodec.decode(defaultAssumptions)).toEqual(E.right(defaultAssumptions));
    for (const [key, { values }] of Object.entries(AssumptionsCodec.props)) {
      expect(defaultAssumptions).toHaveProperty(key, values[0]);
    }
  });

  it('is read with blanks around it', () => {
    expect(parseAssumption(' location = relative ')).toEqual(E.right({ location: 'relative' }));
  });

  it.each([
    ['location', /^'location' is not an assumption \(write key=value; keys: repeatedComplete, .*\)$/],
    ['=relative', /^'=relative' is not an assumption/],
    ['', /^'' is not an assumption/],
    ['place=relative', /^unknown assumption 'place' \(known: repeatedComplete, .*, audioEventTag\)$/],
    ['toString=a', /^unknown assumption 'toString'/],
    ['location=', /^'' is no value of the assumption 'location' \(known: absolute, relative\)$/],
    ['location=near', /^'near' is no value of the assumption 'location' \(known: absolute, relative\)$/],
  ])('%j is refused with what is known', (text, reason) => {
    const refused = parseAssumption(text);
    expect(E.isLeft(refused) ? showAssumptionError(refused.left) : 'accepted').toMatch(reason);
  });
});

describe('a foreign user', () => {
  it('is named in the words of the error table', () => {
    expect(userAccessDenied(401, 'u-1', 'u-2')).toMatchObject({
      category: 'authorization',
      message: { value: 'User u-1 does not have permission to access user u-2' },
    });
  });
});
