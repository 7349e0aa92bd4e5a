/**
 * Tests speak to loopback and to nobody else. Any other attempt is refused before it leaves, and fails the
 * test that made it, even where the code under test swallows the error.
 *
 * Names under `.invalid` never resolve anywhere (RFC 6761). They answer ENOTFOUND here without asking a name
 * server, so that a test may show what holdfast does when DNS fails.
 *
 * It guards the process that runs the tests, not the programs that a test starts.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterAll, afterEach } from 'vitest';

const attempts: string[] = [];

// eslint-disable-next-line @typescript-eslint/unbound-method -- Reflect.apply hands the socket on.
net.Socket.prototype.connect = new Proxy(net.Socket.prototype.connect, {
  apply: (connect, socket: net.Socket, args: readonly unknown[]): unknown => {
    const host = hostOf(args);
    if (isLocal(host) || isInvalid(host)) return Reflect.apply(connect, socket, args);
    const error = refuse(host);
    // Not before whoever asked has had a chance to listen for errors.
    setImmediate(() => socket.destroy(error));
    return socket;
  },
});

dns.lookup = new Proxy(dns.lookup, {
  apply: (lookup, self: unknown, args: readonly unknown[]): unknown => {
    const [host, callback] = [args[0], args.at(-1)];
    if (typeof host !== 'string' || typeof callback !== 'function' || isLocal(host)) {
      return Reflect.apply(lookup, self, args);
    }
    const error = isInvalid(host) ? notFound(host) : refuse(host);
    process.nextTick(() => {
      Reflect.apply(callback, undefined, [error]);
    });
    return {};
  },
});

dns.promises.lookup = new Proxy(dns.promises.lookup, {
  apply: (lookup, self: unknown, args: readonly unknown[]): unknown => {
    const host = args[0];
    if (typeof host !== 'string' || isLocal(host)) return Reflect.apply(lookup, self, args);
    return Promise.reject(isInvalid(host) ? notFound(host) : refuse(host));
  },
});

syncBuiltinESMExports();

afterEach(failOnAttempts);
afterAll(failOnAttempts);

function failOnAttempts(): void {
  const hosts = attempts.splice(0);
  if (hosts.length > 0)
    throw new Error(`A test tried to reach ${hosts.join(', ')}: only loopback is allowed`);
}

/** Of `connect(options)`, `connect(port, host)`, `connect(path)`, and Node's own packed form of these. */
function hostOf(args: readonly unknown[]): string {
  const [first, second]: readonly unknown[] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first === 'object' && first !== null) {
    const usesPath = 'path' in first && typeof first.path === 'string';
    return !usesPath && 'host' in first && typeof first.host === 'string' ? first.host : 'localhost';
  }
  return typeof second === 'string' ? second : 'localhost';
}

function isLocal(host: string): boolean {
  return /^(|localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}

function isInvalid(host: string): boolean {
  return /\.invalid\.?$/i.test(host);
}

function refuse(host: string): Error {
  attempts.push(host);
  return new Error(`network guard: ${host} is not loopback`);
}

function notFound(host: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname: host,
  });
}
