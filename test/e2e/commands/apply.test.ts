/** `apply`: exactly the calls that are needed, with exactly what changed in them, once. */
import { statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';
import { apiError, type ScriptedApi } from '../support/scripted-api.js';

const apply = async ({ run }: Bench, { endpoint }: ScriptedApi, ...args: readonly string[]) =>
  run(['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited', ...args]);

const sentSince = (api: ScriptedApi, count: number): Json =>
  Object.fromEntries(api.requests.slice(count).map(({ conference, body }) => [conference, body]));

describe.concurrent('apply', () => {
  it('sends each conference one call with the changed settings, and nothing the second time', async ({
    bench,
  }) => {
    const api = await bench.api();
    bench.write(
      'desired/a.yaml',
      `defaults: { callbackTimeout: 2000, tag: all }
conferences:
  conf-1: { mute: "true", hold: false }
  conf-2: { state: completed, hold: true, callbackTimeout: "3000" }
  conf-3: { tag: ~, callbackHttpMethod: get, callbackUrl: "https://example.com/hook" }
`,
    );
    // Nobody can be asked here.
    const unasked = await bench.run(['apply', '--endpoint', api.endpoint]);
    expect(unasked.code).toBe(1);
    expect(unasked.stderr).toContain('--yes');
    expect(api.requests).toEqual([]);

    expect((await apply(bench, api)).code).toBe(0);
    expect(sentSince(api, 0)).toEqual({
      'conf-1': { mute: true, hold: false, callbackTimeout: 2000, tag: 'all' },
      'conf-2': { state: 'completed', callbackTimeout: 3000, tag: 'all' },
      'conf-3': { callbackTimeout: 2000, callbackHttpMethod: 'GET', callbackUrl: 'https://example.com/hook' },
    });
    expect(api.requests).toHaveLength(3);
    for (const { method, path, authorization, conference } of api.requests) {
      expect({ method, path }).toEqual({
        method: 'POST',
        path: `/v1/users/u-test/conferences/${conference}`,
      });
      expect(authorization).toMatch(/^Basic /);
    }
    expect(statSync(`${bench.folder}/.holdfast`).mode & 0o777).toBe(0o700);
    expect(statSync(`${bench.folder}/.holdfast/state.db`).mode & 0o777).toBe(0o600);

    // Nothing to do: nobody need be asked.
    const second = await bench.run(['apply', '--endpoint', api.endpoint, '--format', 'json']);
    expect(second.code).toBe(0);
    expect(parseRecord(second.stdout)['changes']).toEqual([]);
    expect(api.requests).toHaveLength(3);
  });

  it('undoes what is removed by the default, leaves what cannot be unset, forgets what is null', async ({
    bench,
  }) => {
    const api = await bench.api();
    bench.write(
      'desired/a.yaml',
      `conferences:
  conf-1: { mute: true, hold: false, callbackTimeout: 2000, callbackHttpMethod: GET }
  conf-2: { tag: one, callbackUrl: "https://example.com/a" }
  conf-3: { mute: true, hold: true }
`,
    );
    expect((await apply(bench, api)).code).toBe(0);
    bench.write(
      'desired/a.yaml',
      'conferences:\n  conf-1: {}\n  conf-2: {}\n  conf-3: { mute: ~, hold: true }\n',
    );
    const { code, stdout } = await apply(bench, api, '--format', 'json');
    expect(code).toBe(0);
    expect(sentSince(api, 3)).toEqual({
      'conf-1': { mute: false, callbackTimeout: 10000, callbackHttpMethod: 'POST' },
    });
    const json = parseRecord(stdout);
    expect(recordsAt(json, 'notes').map(({ conference }) => conference)).toContain('conf-2');
    expect(recordsAt(json, 'changes')).toMatchObject([
      { conference: 'conf-1', outcome: 'applied', status: 200 },
    ]);
    // The mute of conf-3 was forgotten: it is new again.
    bench.write(
      'desired/a.yaml',
      'conferences:\n  conf-1: {}\n  conf-2: {}\n  conf-3: { mute: true, hold: true }\n',
    );
    expect((await apply(bench, api)).code).toBe(0);
    expect(sentSince(api, 4)).toEqual({ 'conf-3': { mute: true } });
  });

  it('does with a removed conference what --on-remove says, and forgets it', async ({ bench }) => {
    const api = await bench.api();
    const goes = '{ mute: true, tag: x, callbackTimeout: 2000 }';
    const lines = [
      'conferences:',
      '  stays: { mute: true }',
      ...['one', 'two', 'three'].map((id) => `  ${id}: ${goes}`),
    ];
    const declareFirst = (count: number): void =>
      bench.write('desired/a.yaml', `${lines.slice(0, count).join('\n')}\n`);
    declareFirst(5);
    expect((await apply(bench, api)).code).toBe(0);
    const told: Json[] = [];
    for (const [index, onRemove] of ['complete', 'reset', 'release'].entries()) {
      declareFirst(4 - index);
      const { code, stdout } = await apply(bench, api, '--on-remove', onRemove, '--format', 'json');
      expect(code).toBe(0);
      told.push(...recordsAt(parseRecord(stdout), 'changes'));
    }
    expect(told).toMatchObject([
      { conference: 'three', action: 'complete', outcome: 'applied' },
      { conference: 'two', action: 'update', outcome: 'applied' },
      { conference: 'one', action: 'release', outcome: 'applied' },
    ]);
    expect(sentSince(api, 4)).toEqual({
      three: { state: 'completed' },
      two: { mute: false, callbackTimeout: 10000 },
    });
    const status = await bench.run(['status', '--format', 'json']);
    expect(recordsAt(parseRecord(status.stdout), 'conferences')).toMatchObject([{ conference: 'stays' }]);
  });

  it('never changes what has completed: it is blocked, with its place, until it asks for nothing', async ({
    bench,
  }) => {
    const api = await bench.api();
    bench.write('desired/a.yaml', 'conferences:\n  conf-1: { state: completed, hold: true }\n');
    expect((await apply(bench, api)).code).toBe(0);
    bench.write('desired/a.yaml', 'conferences:\n  conf-1: { hold: true }\n  conf-2: { mute: true }\n');
    const { code, stdout } = await apply(bench, api);
    expect(code).toBe(1);
    expect(stdout).toMatch(/conf-1 .*blocked.*desired\/a\.yaml:2:3/);
    expect(sentSince(api, 1)).toEqual({ 'conf-2': { mute: true } });
    bench.write('desired/a.yaml', 'conferences:\n  conf-1: {}\n  conf-2: { mute: true }\n');
    expect((await apply(bench, api)).code).toBe(0);
    expect(api.requests).toHaveLength(2);
  });

  it('ends without alarm where a conference ended by itself while it was to be completed', async ({
    bench,
  }) => {
    const api = await bench.api(({ conference }) =>
      apiError(
        403,
        'conference-error',
        `Unable to update conference ${conference}. Invalid conference state completed`,
      ),
    );
    bench.write('desired/a.yaml', 'conferences:\n  conf-1: { state: completed }\n');
    expect((await apply(bench, api)).code).toBe(0);
    expect((await apply(bench, api)).code).toBe(0);
    expect(api.requests).toHaveLength(1);
  });

  it('waits with whenEmpty until nobody is left', async ({ bench }) => {
    const members = new Map([['full', 2]]);
    const api = await bench.api(({ method, conference }) =>
      method === 'POST'
        ? { status: 200 }
        : {
            status: 200,
            json: {
              id: conference,
              state: 'active',
              activeMembers: members.get(conference) ?? 0,
              from: '+15551234567',
            },
          },
    );
    bench.write(
      'desired/a.yaml',
      'conferences:\n  empty: { state: completed, whenEmpty: true }\n  full: { state: completed, whenEmpty: true }\n',
    );
    const { stdout } = await apply(bench, api, '--format', 'json');
    expect(api.bodies()).toEqual([{ state: 'completed' }]);
    expect(recordsAt(parseRecord(stdout), 'changes')).toMatchObject([
      { conference: 'empty', outcome: 'applied' },
      { conference: 'full', outcome: 'skipped' },
    ]);
  });
});
