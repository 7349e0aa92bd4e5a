/** The secret of the address for events: where it is configured, where it is only seen, and where it is wrong. */
import http from 'node:http';
import { describe, expect } from 'vitest';
import { eventsSecret, eventsUrl } from './canaries.js';
import { it, type Guarded } from './guarded.js';

const common = ['--rate', 'unlimited', '--endpoint'];
/** A plan is made where nobody knows of the daemon. */
const untold = { HOLDFAST_EVENTS_SECRET: undefined };

const declare = ({ write }: Guarded, url: string, extra: object = {}): void =>
  write(
    'desired/a.yaml',
    JSON.stringify({
      conferences: { 'conf-1': { callbackUrl: url, tag: `see ${url}`, name: url, ...extra } },
    }),
  );

describe.concurrent('the secret for events', () => {
  it.for([
    ['a run that knows it', {}],
    ['a run that does not', untold],
  ] as const)(
    'as part of a callbackUrl is not shown and not stored by %s',
    async ([_run, env], { guarded }) => {
      const api = await guarded.api((request) => {
        const text = `no ${JSON.stringify(request.body)}`;
        return { status: request.earlier === 0 ? 400 : 200, json: { code: 'x', message: text, details: [] } };
      });
      declare(guarded, eventsUrl);
      const plan = await guarded.run(['plan', '--full'], env);
      expect(plan.stdout).toContain('https://holdfast.example.com/events/***');
      for (const expected of [1, 0]) {
        const apply = ['apply', '--yes', ...common, api.endpoint, '--format', 'json'];
        expect((await guarded.run(apply, env)).code).toBe(expected);
        // Every format is in `test/cli/secrets.test.ts`.
        const status = await guarded.run(['status', '--format', 'json'], env);
        expect(status.code).toBe(0);
      }
      // Sent as it is, and once: the ledger knows it although it does not hold it.
      expect(api.bodies()).toHaveLength(2);
      expect(api.bodies()[1]).toMatchObject({ callbackUrl: eventsUrl });
      // Another one is a change.
      declare(guarded, `${eventsUrl}2`);
      expect((await guarded.run(['plan', '--detailed-exitcode'], env)).code).toBe(2);
    },
  );

  it('is hidden as part of any other address where it is known', async ({ guarded }) => {
    declare(guarded, `https://proxy.example.com/hooks-of/${eventsSecret}/x`);
    const { stdout } = await guarded.run(['plan', '--full']);
    expect(stdout).toContain('proxy.example.com/hooks-of/');
  });

  it('is not told by a daemon, whatever arrives', async ({ guarded }) => {
    declare(guarded, eventsUrl);
    const { endpoint, received } = await guarded.api();
    for (const format of ['json', 'pretty']) {
      const daemon = guarded.start([
        ...['watch', ...common, endpoint, '--listen', '127.0.0.1:0', '--log-format', format],
        ...['--state', `sqlite:${format}.db`],
      ]);
      await daemon.printed('/events/…');
      await received(1);
      await daemon.printed('settled');
      const base = /http:\/\/127\.0\.0\.1:\d+(?=;)/.exec(daemon.stderr())?.[0] ?? '';
      const event = `?eventType=conference&status=completed&conferenceId=`;
      for (const path of [
        `/events/${eventsSecret}${event}conf-1`,
        `/events/${eventsSecret}${event}..`,
        `/events/${eventsSecret}x`,
        `/events/${eventsSecret}/x`,
        '/status',
        '/metrics',
        '/readyz',
      ])
        await guarded.ask(base + path);
      const broken = http.request(`${base}/events/${eventsSecret}`, { method: 'POST', agent: false });
      const gone = new Promise((resolve) => broken.on('error', resolve));
      broken.write('{"a":');
      await guarded.ask(`${base}/metrics`);
      broken.destroy();
      await gone;
      daemon.signal('SIGTERM');
      expect((await daemon.ended).code).toBe(0);
    }
  });

  it('is not repeated where it is wrong', async ({ guarded }) => {
    declare(guarded, eventsUrl);
    const wrong = { HOLDFAST_EVENTS_SECRET: `${eventsSecret}, short` };
    const refused = await guarded.run(['watch', '--sandbox'], wrong);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('HOLDFAST_EVENTS_SECRET');
    expect(refused.stderr).toContain('openssl rand -hex 32');
    expect(refused.stderr).not.toContain('short');
    expect((await guarded.run(['watch', `--events-secret=${eventsSecret}`], untold)).code).toBe(1);
    guarded.write('holdfast.yaml', `eventsSecret: ${eventsSecret}\n`);
    const { code, stderr } = await guarded.run(['watch'], untold);
    expect([code, stderr.includes('HOLDFAST_EVENTS_SECRET')]).toEqual([1, true]);
  });
});
