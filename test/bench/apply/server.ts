/** `server.js LATENCY_MS`: an API that takes every update after that long. Writes its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const latencyMs = Number(process.argv[2]);

const server = createServer((request, response) => {
  const answer = (): void => {
    response.writeHead(200, { 'content-length': 0 }).end();
  };
  request.resume().on('end', () => {
    if (latencyMs === 0) answer();
    else setTimeout(answer, latencyMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address: AddressInfo | string | null = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`port ${address.port}\n`);
});
process.on('SIGTERM', () => process.exit());
