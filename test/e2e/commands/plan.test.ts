/** `plan`: what scripts read, and that it changes nothing. */
import { existsSync, statSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { apiError, type Handler } from '../support/scripted-api.js';
import { secrets } from '../support/holdfast-process.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';

const integer = { type: 'integer', minimum: 0 };
const text = { type: 'string' };
const value = { type: ['boolean', 'number', 'string'] };
const names = [
  'state',
  'hold',
  'mute',
  'callbackUrl',
  'callbackHttpMethod',
  'callbackTimeout',
  'fallbackUrl',
  'tag',
];
const closed = (properties: Json, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const listOf = (items: Json) => ({ type: 'array', items });
const remark = closed({ conference: text, message: text, at: text }, ['conference', 'message']);
const setting = closed(
  {
    setting: { enum: names },
    from: value,
    to: value,
    why: { enum: ['new', 'changed', 'removed', 'in-doubt', 'drift'] },
    at: text,
    applied: value,
    driftSince: text,
  },
  ['setting', 'to', 'why'],
);
const call = closed(
  {
    conference: text,
    name: text,
    action: { enum: ['update', 'complete'] },
    lane: { enum: [1, 2] },
    body: { ...closed(Object.fromEntries(names.map((name) => [name, value])), []), minProperties: 1 },
    settings: { ...listOf(setting), minItems: 1 },
  },
  ['conference', 'action', 'lane', 'body', 'settings'],
);
const quiet = closed({ conference: text, name: text, action: { enum: ['release', 'suspended'] }, at: text }, [
  'conference',
  'action',
]);
const blocked = closed(
  {
    conference: text,
    name: text,
    action: { const: 'blocked' },
    reason: { const: 'completed' },
    at: { type: 'string', pattern: '^.+:\\d+:\\d+$' },
  },
  ['conference', 'action', 'reason', 'at'],
);
const summary = closed(
  Object.fromEntries(
    ['update', 'complete', 'release', 'none', 'blocked', 'suspended', 'calls', 'seconds'].map((name) => [
      name,
      integer,
    ]),
  ),
);
const isPlan = new Ajv({ allowUnionTypes: true }).compile(
  closed({
    formatVersion: { const: 1 },
    revision: { type: 'string', pattern: '^dir:sha256:[0-9a-f]{64}$' },
    summary,
    changes: listOf({ oneOf: [call, quiet, blocked] }),
    notes: listOf(remark),
    refused: listOf(remark),
  }),
);

const planJson = async ({ run }: Bench, ...args: readonly string[]): Promise<Json> => {
  const { stdout, code } = await run(['plan', '--format', 'json', ...args]);
  expect(code).toBe(0);
  const json = parseRecord(stdout);
  isPlan(json);
  expect(isPlan.errors).toBeNull();
  return json;
};

/** A ledger in which there is something of every kind: `over` has ended, the others are applied. */
const applyFirst = async (bench: Bench): Promise<void> => {
  const ended: Handler = ({ conference }) =>
    conference === 'over'
      ? apiError(
          403,
          'conference-error',
          'Unable to update conference over. Invalid conference state completed',
        )
      : { status: 200 };
  const api = await bench.api(ended);
  bench.write(
    'desired/a.yaml',
    `conferences:
  gone: { mute: true }
  over: { mute: true }
  same: { hold: true }
  tagged: { tag: one, callbackUrl: "https://u:${secrets.password}@example.com/a" }
  muted: { mute: true, callbackTimeout: 2000 }
`,
  );
  const { code } = await bench.run(['apply', '--yes', '--endpoint', api.endpoint, '--rate', 'unlimited']);
  expect(code).toBe(1);
  bench.write(
    'desired/a.yaml',
    `conferences:
  last: { state: completed, tag: end }
  over: { mute: false, hold: true }
  same: { hold: true }
  tagged: { callbackUrl: "https://u:${secrets.password}@example.com/b" }
  muted: { name: "Weekly", tag: quiet }
  left: { suspend: true, mute: true }
`,
  );
};

describe.concurrent('plan', () => {
  it('says what would change: JSON as the contract says, and nothing else', async ({ bench }) => {
    await applyFirst(bench);
    const plan = await planJson(bench);
    expect(plan['summary']).toEqual({
      update: 2,
      complete: 1,
      release: 1,
      none: 1,
      blocked: 1,
      suspended: 1,
      calls: 3,
      seconds: 3,
    });
    const changes = recordsAt(plan, 'changes');
    expect(changes).toHaveLength(6);
    expect(changes.slice(0, 3)).toEqual([
      {
        conference: 'last',
        action: 'complete',
        lane: 1,
        body: { state: 'completed', tag: 'end' },
        settings: [
          { setting: 'state', to: 'completed', why: 'new', at: 'desired/a.yaml:2:18' },
          { setting: 'tag', to: 'end', why: 'new', at: 'desired/a.yaml:2:34' },
        ],
      },
      {
        conference: 'muted',
        name: 'Weekly',
        action: 'update',
        lane: 1,
        body: { mute: false, callbackTimeout: 10000, tag: 'quiet' },
        settings: [
          { setting: 'mute', from: true, to: false, why: 'removed', at: 'desired/a.yaml:6:3' },
          { setting: 'callbackTimeout', from: 2000, to: 10000, why: 'removed', at: 'desired/a.yaml:6:3' },
          { setting: 'tag', to: 'quiet', why: 'new', at: 'desired/a.yaml:6:33' },
        ],
      },
      expect.objectContaining({ conference: 'tagged', action: 'update', lane: 2 }),
    ]);
    expect(changes).toContainEqual({
      conference: 'over',
      action: 'blocked',
      reason: 'completed',
      at: 'desired/a.yaml:3:3',
    });
    expect(changes).toContainEqual(expect.objectContaining({ conference: 'gone', action: 'release' }));
    expect(changes).toContainEqual(expect.objectContaining({ conference: 'left', action: 'suspended' }));
    expect(recordsAt(plan, 'notes')).toMatchObject([{ conference: 'tagged' }]);
    expect(await planJson(bench)).toEqual(plan);

    // People and reviewers are told the same.
    const people = await bench.run(['plan']);
    const markdown = await bench.run(['plan', '--format', 'markdown']);
    for (const { code, stdout } of [people, markdown]) {
      expect(code).toBe(0);
      for (const { conference } of changes) expect(stdout).toContain(conference);
      expect(stdout).toContain('3 calls, about 3 s at 1/s');
      expect(stdout).toContain('desired/a.yaml:3:3');
    }
    expect(markdown.stdout).toMatch(/^(#|\|)/m);
  });

  it('costs no call, creates no state, needs no credentials, and exits with 2 when asked to', async ({
    bench,
  }) => {
    bench.write('desired/a.yaml', 'conferences:\n  conf-1:\n    mute: true\n');
    const api = await bench.api();
    const { code } = await bench.run(['plan', '--detailed-exitcode', '--endpoint', api.endpoint], {
      BANDWIDTH_USER_ID: undefined,
      BANDWIDTH_API_TOKEN: undefined,
      BANDWIDTH_API_SECRET: undefined,
    });
    expect(code).toBe(2);
    expect(api.requests).toEqual([]);
    expect(existsSync(`${bench.folder}/.holdfast`)).toBe(false);
  });

  it('does not exit with 2 when there is nothing to do, or when it failed', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  conf-1:\n    mute: true\n    suspend: true\n');
    expect((await bench.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    bench.write('desired/a.yaml', 'conferences: [');
    expect((await bench.run(['plan', '--detailed-exitcode'])).code).toBe(1);
  });

  it('shows drift when it is asked to read', async ({ bench }) => {
    bench.write(
      'desired/a.yaml',
      'conferences:\n  conf-1: { mute: true, tag: a }\n  conf-2: { hold: true }\n',
    );
    const live = {
      state: 'active',
      activeMembers: 2,
      from: '+15551234567',
      createdTime: '2026-01-01T00:00:00Z',
    };
    const api = await bench.api(({ method, conference }) =>
      method === 'POST'
        ? { status: 200 }
        : { status: 200, json: { ...live, id: conference, mute: false, hold: true, tag: 'a' } },
    );
    const there = ['--endpoint', api.endpoint, '--rate', 'unlimited'];
    expect((await bench.run(['apply', '--yes', ...there])).code).toBe(0);
    expect((await planJson(bench, ...there))['changes']).toEqual([]);
    const { changes } = await planJson(bench, '--refresh', ...there);
    expect(changes).toMatchObject([
      {
        conference: 'conf-1',
        body: { mute: true },
        settings: [{ setting: 'mute', from: false, to: true, why: 'drift', applied: true }],
      },
    ]);
    expect(api.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
    expect(api.bodies()).toHaveLength(2);
    // What was seen is not recorded: the ledger says what was applied.
    expect((await planJson(bench, ...there))['changes']).toEqual([]);
  });

  it('saves what apply then sends, for its owner alone', async ({ bench }) => {
    bench.write(
      'desired/a.yaml',
      `conferences:\n  conf-1: { callbackUrl: "https://u:${secrets.password}@example.com/" }\n`,
    );
    const api = await bench.api();
    const there = ['--endpoint', api.endpoint];
    expect((await bench.run(['plan', '--out', 'saved.json', ...there])).code).toBe(0);
    expect(statSync(`${bench.folder}/saved.json`).mode & 0o777).toBe(0o600);
    expect((await bench.run(['apply', 'saved.json', ...there])).code).toBe(1);
    expect(api.requests).toEqual([]);
    expect((await bench.run(['apply', 'saved.json', '--yes', ...there])).code).toBe(0);
    expect(api.bodies('conf-1')).toEqual([{ callbackUrl: `https://u:${secrets.password}@example.com/` }]);
    // Another apply of the same plan sends nothing: what it was made for is done.
    expect((await bench.run(['apply', 'saved.json', '--yes', ...there])).code).toBe(1);
    expect(api.requests).toHaveLength(1);
  });
});
