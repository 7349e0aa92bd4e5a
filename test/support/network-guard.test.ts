import dns from 'node:dns';
import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';

// Should the guard ever fail, Node refuses these values and nothing leaves the machine.
const noPort = 65_536;
const noFamily = 9;

const errorOfLookup = (host: string): Promise<unknown> =>
  new Promise((resolve) => {
    dns.lookup(host, resolve);
  });

const errorOfRequest = (host: string): Promise<unknown> =>
  new Promise((resolve) => {
    http.get({ host, port: 80 }).once('error', resolve);
  });

const swallow = async (attempt: () => Promise<unknown>): Promise<void> => {
  await attempt().catch(() => undefined);
};

describe('network guard', () => {
  it('lets loopback through', async () => {
    const server = http.createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : noPort;
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(await response.text()).toBe('hello');
    server.close();
    server.closeAllConnections();
  });

  it('answers for .invalid names without a name server', async () => {
    expect(await errorOfLookup('hooks.invalid')).toMatchObject({ code: 'ENOTFOUND' });
    expect(await errorOfRequest('hooks.invalid')).toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookup('hooks.invalid')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  // These fail by the guard's own afterEach, and only by it: the bodies swallow whatever they meet.
  it.fails('fails a test that connects elsewhere', async () => {
    await swallow(async () => once(net.connect(noPort, '192.0.2.1'), 'error'));
  });
  it.fails('fails a test that asks a name server', async () => {
    await swallow(async () => lookup('example.com', { family: noFamily }));
  });
});
