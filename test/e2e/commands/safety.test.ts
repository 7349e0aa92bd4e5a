/** What is refused sends nothing, names the offenders, and goes through only with a reason that is kept. */
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { parseRecord, recordsAt } from '../support/json.js';
import type { ScriptedApi } from '../support/scripted-api.js';

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `conf-${index}`);

/** Of `count` conferences the first `completed` are to be completed. */
const manifest = (count: number, completed: number): string =>
  [
    'conferences:',
    ...ids(count).map((id, index) => `  ${id}: { ${index < completed ? 'state: completed' : 'tag: t'} }`),
    '',
  ].join('\n');

const apply = ({ run }: Bench, { endpoint }: ScriptedApi, ...args: readonly string[]) =>
  run(['apply', '--yes', '--endpoint', endpoint, '--rate', 'unlimited', ...args]);

const forcedRows = ({ folder }: Bench): readonly string[] => {
  const database = new DatabaseSync(`${folder}/.holdfast/state.db`, { readOnly: true });
  try {
    return database
      .prepare('select forced from forced')
      .all()
      .map((row) => JSON.stringify(row));
  } finally {
    database.close();
  }
};

describe.concurrent('a safety check', () => {
  it('refuses to complete more than --max-complete at once', async ({ bench }) => {
    const api = await bench.api();
    bench.write('desired/a.yaml', manifest(6, 6));
    const { code, stdout, stderr } = await apply(bench, api);
    expect(code).toBe(3);
    expect(stderr).toContain('refused');
    for (const id of ids(6)) expect(stderr).toContain(id);
    expect(stdout).not.toBe('');
    expect(api.requests).toEqual([]);
    const json = await apply(bench, api, '--max-complete', '5', '--format', 'json');
    expect(json.code).toBe(3);
    expect(recordsAt(parseRecord(json.stdout), 'changes').every(({ outcome }) => outcome === 'skipped')).toBe(
      true,
    );
    const plan = await bench.run(['plan', '--format', 'json']);
    expect(plan.code).toBe(0);
    const refused = recordsAt(parseRecord(plan.stdout), 'refused');
    expect(refused.map(({ conference }) => conference)).toEqual(ids(6));
    expect(refused[0]).toMatchObject({
      message: '6 conferences would be completed at once, more than the 5 that --max-complete allows',
      at: 'desired/a.yaml:2:3',
    });
    expect((await apply(bench, api, '--max-complete', '6')).code).toBe(0);
    expect(api.requests).toHaveLength(6);
  });

  it('refuses more than 30 % of ten or more, whatever the flag says', async ({ bench }) => {
    const api = await bench.api();
    bench.write('desired/a.yaml', manifest(10, 4));
    expect((await apply(bench, api, '--max-complete', '100')).code).toBe(3);
    expect(api.requests).toEqual([]);
    bench.write('desired/a.yaml', manifest(10, 3));
    expect((await apply(bench, api, '--max-complete', '100')).code).toBe(0);
    expect(api.requests).toHaveLength(10);
  });

  it('refuses to complete what is protected, until that is withdrawn or forced', async ({ bench }) => {
    const api = await bench.api();
    bench.write(
      'desired/a.yaml',
      'conferences:\n  a: { mute: true, protect: true }\n  b: { protect: true }\n  c: {}\n',
    );
    expect((await apply(bench, api)).code).toBe(0);
    expect(api.requests).toHaveLength(1);
    // Not declaring the protection any more does not lift it.
    bench.write('desired/a.yaml', 'conferences:\n  a: { state: completed }\n  c: { mute: true }\n');
    const refused = await apply(bench, api, '--on-remove', 'complete');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/\ba: .*protect/);
    expect(refused.stderr).toMatch(/\bb: .*protect/);
    expect(api.requests).toHaveLength(1);
    bench.write(
      'desired/a.yaml',
      'conferences:\n  a: { state: completed, protect: false }\n  c: {}\n  b: { state: completed }\n',
    );
    const forced = await apply(bench, api, '--force', 'office closes');
    expect(forced.code).toBe(0);
    expect(
      api.requests
        .slice(1)
        .map(({ conference }) => conference)
        .sort(),
    ).toEqual(['a', 'b']);
    const [row, ...others] = forcedRows(bench);
    expect(others).toEqual([]);
    expect(row).toContain('office closes');
    expect(row).toMatch(/\bb\b/);
  });

  it('refuses to remove everything, but not without anything applied', async ({ bench }) => {
    const api = await bench.api();
    bench.write('desired/a.yaml', '');
    expect((await bench.run(['apply', '--endpoint', api.endpoint])).code).toBe(0);
    bench.write('desired/a.yaml', 'conferences:\n  conf-1: { mute: true }\n');
    expect((await apply(bench, api)).code).toBe(0);
    bench.write('desired/a.yaml', 'conferences:\n  conf-2: { mute: true }\n');
    const { code, stderr } = await apply(bench, api);
    expect(code).toBe(3);
    expect(stderr).toContain('conf-1');
    expect(api.requests).toHaveLength(1);
    expect((await apply(bench, api, '--force', ' ')).code).toBe(1);
    expect((await apply(bench, api, '--force', 'moved')).code).toBe(0);
    expect(api.requests).toHaveLength(2);
  });
});
