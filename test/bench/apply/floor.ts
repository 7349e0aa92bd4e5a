/**
 * `floor.js PORT COUNT CONCURRENCY`: as many updates as `apply` would send, by node:http with kept connections and
 * nothing else: no files, no plan, no ledger.
 */
import { Agent, request } from 'node:http';

const [port, count = 0, concurrency = 1] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
let next = 0;

const send = (): void => {
  if (next >= count) return;
  const number = next;
  next += 1;
  const body = JSON.stringify({ mute: number % 2 === 0, hold: false, tag: `all-hands-${number}` });
  request(
    {
      host: '127.0.0.1',
      port,
      agent,
      method: 'POST',
      path: `/v1/users/u-1/conferences/conf-${number}`,
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    },
    (response) => response.resume().on('end', send),
  ).end(body);
};

for (let lane = 0; lane < concurrency; lane += 1) send();
agent.on('free', () => {
  if (next >= count && Object.keys(agent.sockets).length === 0) agent.destroy();
});
