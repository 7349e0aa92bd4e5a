/** A run that is stopped, killed or not alone: nothing is forgotten, nothing is sent twice without need. */
import { describe, expect } from 'vitest';
import { it, type Bench } from '../support/bench.js';
import { parseRecord, recordsAt, type Json } from '../support/json.js';
import { ok, type Handler, type ScriptedApi } from '../support/scripted-api.js';

const manifest = 'conferences:\n  a: { mute: true }\n  b: { mute: true }\n  c: { tag: x }\n';

const applyArgs = ({ endpoint }: ScriptedApi): readonly string[] => [
  ...['apply', '--yes', '--endpoint', endpoint, '--rate', '1000'],
];

const changes = async ({ run }: Bench): Promise<readonly Json[]> => {
  const { code, stdout } = await run(['plan', '--format', 'json']);
  expect(code).toBe(0);
  return recordsAt(parseRecord(stdout), 'changes');
};

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const gate = (): Gate => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
};

describe.concurrent('apply', () => {
  it('killed while a call is under way sends that one again, knowing why, and ends settled', async ({
    bench,
  }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const executed = await bench.api();
    expect((await bench.run(applyArgs(executed))).code).toBe(0);
    bench.write('desired/a.yaml', manifest);
    const stuck: Handler = ({ conference }) => (conference === 'b' ? 'hang' : ok);
    const api = await bench.api(stuck);
    const killed = bench.start(applyArgs(api));
    await api.received(2);
    await killed.event(({ conference }) => conference === 'c');
    killed.signal('SIGKILL');
    expect((await killed.ended).code).toBe('SIGKILL');

    expect(await changes(bench)).toMatchObject([
      { conference: 'b', body: { mute: true }, settings: [{ setting: 'mute', to: true, why: 'in-doubt' }] },
    ]);
    const status = parseRecord((await bench.run(['status', '--format', 'json'])).stdout);
    expect(status['writer']).toBeUndefined();
    expect(recordsAt(status, 'conferences').find(({ conference }) => conference === 'b')).toMatchObject({
      inDoubt: { mute: true },
    });

    expect((await bench.run(applyArgs(executed))).code).toBe(0);
    expect(executed.requests.map(({ conference }) => conference)).toEqual(['a', 'b']);
    expect(await changes(bench)).toEqual([]);
  });

  it('killed, then withdrawn: what is in doubt is set to the default', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const api = await bench.api(() => 'hang');
    const killed = bench.start(applyArgs(api));
    await api.received(1);
    killed.signal('SIGKILL');
    await killed.ended;
    bench.write('desired/a.yaml', 'conferences:\n  a: {}\n');
    const next = await bench.api();
    expect((await bench.run(applyArgs(next))).code).toBe(0);
    expect(next.bodies()).toEqual([{ mute: false }]);
  });

  it.for(['SIGINT', 'SIGTERM'] as const)(
    'told %s makes no new call and records the one under way',
    async (signal, { bench }) => {
      bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n  b: { mute: true }\n');
      const answered = gate();
      const api = await bench.api(async () => {
        await answered.opened;
        return ok;
      });
      // One call in two seconds: b waits its turn while a is under way.
      const run = bench.start(['apply', '--yes', '--endpoint', api.endpoint, '--rate', '0.5']);
      await api.received(1);
      run.signal(signal);
      answered.open();
      expect((await run.ended).code).toBe(130);
      expect(api.requests).toHaveLength(1);
      expect(await changes(bench)).toMatchObject([{ conference: 'b', settings: [{ why: 'new' }] }]);
    },
  );

  it('told SIGINT while nothing answers ends within its grace, and keeps the doubt', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const api = await bench.api(() => 'hang');
    const run = bench.start(applyArgs(api));
    await api.received(1);
    const toldMs = Date.now();
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(130);
    // 5 s, and what a loaded machine adds; a call may take 30 s.
    expect(Date.now() - toldMs).toBeLessThan(20_000);
    expect(await changes(bench)).toMatchObject([{ settings: [{ why: 'in-doubt' }] }]);
  });

  it('is refused beside another writer, who is named; plan and status are not', async ({ bench }) => {
    bench.write('desired/a.yaml', 'conferences:\n  a: { mute: true }\n');
    const answered = gate();
    const api = await bench.api(async () => {
      await answered.opened;
      return ok;
    });
    const holder = bench.start(applyArgs(api));
    await api.received(1);
    const second = await bench.run(applyArgs(api));
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(holder.pid));
    expect(second.stderr).toMatch(/apply/);
    expect(api.requests).toHaveLength(1);
    expect(await changes(bench)).toHaveLength(1);
    const text = await bench.run(['status']);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(String(holder.pid));
    const json = parseRecord((await bench.run(['status', '--format', 'json'])).stdout);
    expect(json['writer']).toMatchObject({ pid: holder.pid, command: 'apply' });
    answered.open();
    expect((await holder.ended).code).toBe(0);
    expect((await bench.run(applyArgs(api))).code).toBe(0);
    expect(api.requests).toHaveLength(1);
  });
});
