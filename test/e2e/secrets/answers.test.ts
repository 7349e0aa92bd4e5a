/** An API that answers with what it was sent, in every way an API or a proxy may write it. */
import https from 'node:https';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeCertificate } from '../../support/certificate.js';
import { parseRecord, recordsAt } from '../support/json.js';
import { ok, scriptedApi } from '../support/scripted-api.js';
import { callbackUrl, fallbackUrl, password, secret, seenIn, token } from './canaries.js';
import { declaredWithSecrets, echoing, everyId, known, masked } from './echoes.js';
import { it, type Guarded } from './guarded.js';

const declare = ({ write }: Guarded, ids: readonly string[]): void =>
  write('desired/a.yaml', declaredWithSecrets(ids));

const common = ['--rate', 'unlimited', '--endpoint'];

describe.concurrent('what an API answers', () => {
  it('to a refused call is shown, recorded and kept without a secret', async ({ guarded }) => {
    declare(guarded, everyId);
    const { endpoint } = await guarded.api(echoing(400));
    const applied = await guarded.run(['apply', '--yes', ...common, endpoint, '--format', 'json']);
    expect(applied.code).toBe(1);
    expect(recordsAt(parseRecord(applied.stdout), 'changes')).toHaveLength(everyId.length);
    // Every format is in `test/cli/secrets.test.ts`.
    for (const run of [['status'], ['plan', '--format', 'markdown']]) {
      const { stdout } = await guarded.run(run);
      // It is there to be seen, and hidden.
      expect(masked(stdout), run.join(' ')).toBe(true);
    }
  });

  // Every status in every way is in `test/cli/secrets.test.ts`.
  it.for([
    [401, 'conf-1', 'json'],
    [307, 'conf-7', 'pretty'],
  ] as const)(
    '%d for the whole account is told without a secret',
    async ([status, id, format], { guarded }) => {
      declare(guarded, [id]);
      const { endpoint } = await guarded.api(echoing(status));
      const applied = await guarded.run(['apply', '--yes', ...common, endpoint, '--log-format', format]);
      expect(masked(applied.stdout + applied.stderr)).toBe(true);
      await guarded.run(['plan', '--refresh', ...common, endpoint]);
    },
  );

  it('when it cannot now is told by the log, the endpoints and the status without a secret', async ({
    guarded,
  }) => {
    declare(guarded, everyId);
    const statuses = [500, 409, 503];
    const { endpoint, received } = await guarded.api((request) => {
      const index = Number(/\d+$/.exec(request.conference)?.[0] ?? 0);
      if (request.earlier % 7 === 5) return 'reset';
      if (request.earlier % 7 === 6) return 'truncate';
      return echoing(statuses[index % statuses.length] ?? 500)(request);
    });
    const daemon = guarded.start(['watch', ...common, endpoint, '--listen', '127.0.0.1:0']);
    const { listen } = await daemon.event((event) => 'listen' in event);
    await received(everyId.length + 10);
    for (const path of ['/status', '/metrics', '/healthz', '/readyz'])
      await guarded.ask(`${String(listen)}${path}`);
    for (const format of ['text', 'json']) await guarded.run(['status', '--format', format]);
    // Somebody else wants the same state.
    expect((await guarded.run(['apply', '--yes', ...common, endpoint])).code).toBe(1);
    daemon.signal('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
  });

  it('to a read is told without a secret', async ({ guarded }) => {
    declare(guarded, everyId.slice(0, 12));
    const { endpoint } = await guarded.api((request) =>
      request.conference === 'conf-1' && request.earlier === 0
        ? { status: 200, json: { state: known(request)[0] } }
        : { status: 200, json: { state: 'active', callbackUrl, tag: callbackUrl, mute: false } },
    );
    for (const format of ['text', 'json', 'markdown']) {
      const { code, stdout } = await guarded.run([
        'plan',
        '--refresh',
        ...common,
        endpoint,
        '--format',
        format,
      ]);
      expect(code).toBe(0);
      expect(masked(stdout), format).toBe(true);
    }
  });

  it('is nothing: reset, hung up, refused, not trusted', async ({ guarded }) => {
    declare(guarded, ['conf-0']);
    const dead = await scriptedApi();
    await dead.close();
    const { key, cert } = makeCertificate({ commonName: password, hosts: ['127.0.0.1'] });
    const heard: unknown[] = [];
    const tls = https.createServer({ key, cert }, (request, response) => {
      heard.push(request.headers);
      response.end();
    });
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    const address = tls.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const secure = `https://127.0.0.1:${port}`;
    const plain = await guarded.api(() => 'reset');
    const runs = [dead.endpoint, secure, plain.endpoint.replace('http:', 'https:')].map((endpoint) =>
      guarded.run(['apply', '--yes', ...common, endpoint, '--state', `sqlite:${new URL(endpoint).port}.db`]),
    );
    const unverified = guarded.run(['apply', '--yes', ...common, secure, '--state', 'sqlite:unverified.db'], {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    const daemon = guarded.start(['watch', ...common, plain.endpoint]);
    await plain.received(2);
    daemon.signal('SIGTERM');
    await daemon.ended;
    for (const { code } of await Promise.all(runs)) expect(code).toBe(1);
    const { stderr } = await unverified;
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0 is passed over');
    expect(stderr).not.toContain('makes TLS connections');
    expect(stderr).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(heard).toEqual([]);
    tls.close();
  });

  it('takes its time, and the run is stopped', async ({ guarded }) => {
    declare(guarded, ['conf-0']);
    const api = await guarded.api(() => 'hang');
    const run = guarded.start(['apply', '--yes', ...common, api.endpoint]);
    await api.received(1);
    run.signal('SIGINT');
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(130);
    for (const format of ['text', 'json']) await guarded.run(['status', '--format', format]);
  });
});

describe.concurrent('a certificate of an authority that is known', () => {
  it('is trusted, and a redirect of its server is not', async ({ guarded }) => {
    declare(guarded, ['conf-0']);
    const authority = makeCertificate({ commonName: 'Authority of a test', isAuthority: true });
    guarded.write('authority.pem', authority.cert);
    const { key, cert } = makeCertificate({ commonName: 'api', hosts: ['127.0.0.1'], issuer: authority });
    const heard: (string | undefined)[] = [];
    let redirect = false;
    const server = https.createServer({ key, cert }, (request, response) => {
      heard.push(request.headers.authorization);
      request.resume().on('end', () => {
        response.writeHead(redirect ? 307 : 200, { location: `/${encodeURIComponent(token)}` }).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = ['apply', '--yes', ...common];
    const env = { NODE_EXTRA_CA_CERTS: join(guarded.folder, 'authority.pem') };
    expect((await guarded.run([...args, `https://127.0.0.1:${port}`], env)).code).toBe(0);
    expect(heard).toEqual([`Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`]);
    // The same server under a name that its certificate does not have.
    const other = await guarded.run(
      [...args, `https://localhost:${port}`, '--state', 'sqlite:other.db'],
      env,
    );
    expect(other.stderr).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID|ALTNAME/);
    expect(heard).toHaveLength(1);
    redirect = true;
    const moved = await guarded.run([...args, `https://127.0.0.1:${port}`, '--state', 'sqlite:new.db'], env);
    expect(moved.code).toBe(1);
    expect(moved.stderr).toContain('redirects are not followed');
    expect(heard).toHaveLength(2);
    server.close();
  });
});

describe.concurrent('a saved plan', () => {
  it('holds the passwords it has to send, nothing else, and is for its owner alone', async ({ guarded }) => {
    declare(guarded, ['conf-0']);
    const api = await guarded.api(() => ok);
    const saving = ['plan', '--out', 'saved.json', ...common, api.endpoint];
    const { stdout } = await guarded.run(saving);
    expect(masked(stdout)).toBe(true);
    expect(statSync(join(guarded.folder, 'saved.json')).mode & 0o777).toBe(0o600);
    expect(seenIn(readFileSync(join(guarded.folder, 'saved.json'), 'latin1'))).toEqual([
      'password',
      'events',
    ]);
    const applied = await guarded.run(['apply', 'saved.json', '--yes', ...common, api.endpoint]);
    expect(applied.code).toBe(0);
    expect(api.bodies()).toMatchObject([{ callbackUrl, fallbackUrl, tag: `see ${callbackUrl}` }]);
    // Again: it was run already.
    expect((await guarded.run(['apply', 'saved.json', '--yes', ...common, api.endpoint])).code).toBe(1);
    guarded.write('saved.json', guarded.read('saved.json').slice(0, -20));
    expect((await guarded.run(['apply', 'saved.json', '--yes', ...common, api.endpoint])).code).toBe(1);
  });
});
