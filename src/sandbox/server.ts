/**
 * Starts a sandbox: a Catapult on loopback. It listens on 127.0.0.1 only, keeps everything in memory, and
 * forgets it when it is closed.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import type { Task } from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { startConference } from './conference-commands.js';
import { type Courier, makeCourier } from './courier.js';
import { makePlatform } from './platform.js';
import type { Sandbox, SandboxConfig, SandboxError } from './sandbox.js';
import { makeService } from './service.js';
import { makeStore, type Store } from './store.js';

const host = '127.0.0.1';

export const startSandbox = (config: SandboxConfig): TE.TaskEither<SandboxError, Sandbox> =>
  pipe(
    TE.fromIO(() => assemble(config)),
    TE.chain(({ server, store, courier }) =>
      pipe(
        listen(server, config.port),
        TE.map((port) => ({
          endpoint: `http://${host}:${port}`,
          port,
          ensure: (userId, id, settings) => {
            if (O.isSome(store.find(userId, id))) return;
            store.save(userId, startConference(id, settings, config.now(), config.assumptions));
          },
          close: closeAll(server, courier),
        })),
      ),
    ),
  );

interface Parts {
  readonly server: Server;
  readonly store: Store;
  readonly courier: Courier;
}

const assemble = (config: SandboxConfig): Parts => {
  const store = makeStore(config.seed);
  const courier = makeCourier(config.assumptions, config.report);
  const service = makeService(config, store, makePlatform(config, store, courier));
  // Without `overrideGlobalObjects: false` the adapter replaces the process's own Request and Response.
  const listener = getRequestListener(service.fetch, { hostname: host, overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
  // Longer than any client keeps a connection: one that is closed under a request looks like a lost answer.
  server.keepAliveTimeout = 65_000;
  return { server, store, courier };
};

const listen = (server: Server, port: number): TE.TaskEither<SandboxError, number> =>
  TE.tryCatch(
    () =>
      new Promise<number>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve(portOf(server.address())));
      }),
    (cause) => listenError(port, cause),
  );

// A string is the address of a pipe, null that of a closed server: neither was asked for.
const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

const listenError = (port: number, cause: unknown): SandboxError => {
  const error = E.toError(cause);
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return { _tag: 'PortInUse', port };
    case 'EACCES':
    case 'EPERM':
      return { _tag: 'PortForbidden', port };
    default:
      return { _tag: 'CannotListen', port, cause: error };
  }
};

const closeAll =
  (server: Server, courier: Courier): Task<void> =>
  () =>
    new Promise((resolve) => {
      courier.close();
      server.close(() => resolve());
      server.closeAllConnections();
    });
