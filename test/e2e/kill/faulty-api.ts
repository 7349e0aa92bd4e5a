/**
 * An API that knows the truth and does its worst: it answers late, refuses, executes a call and drops the answer,
 * or drops the call. A call whose client is gone before it was executed is executed all the same half of the time.
 *
 * Whoever wants to know what happened is told at once, in the same turn: `arrived`, then `executed` or not, then
 * `ended`.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { pause } from '../daemon/feed.js';
import type { Scope } from '../daemon/scope.js';
import { parseRecord } from '../support/json.js';
import type { Dice } from './dice.js';

export type Value = string | number | boolean;
export type Settings = Readonly<Record<string, Value>>;

export interface ArrivedCall {
  readonly number: number;
  readonly conference: string;
  readonly body: Settings;
}

/**
 * `applied`, `ended`: it was told so. `unchanged`: it was told that nothing was executed. `unknown`: it was told
 * nothing, or something that says nothing.
 */
export type Told = 'applied' | 'ended' | 'unchanged' | 'unknown';

export interface Witness {
  readonly arrived: (call: ArrivedCall) => void;
  readonly executed: (call: ArrivedCall) => void;
  readonly ended: (call: ArrivedCall, told: Told) => void;
}

export interface FaultyApi {
  readonly endpoint: string;
  /** What a GET of the conference would say; what was never set has its default. */
  readonly truth: (conference: string, setting: string) => Value | undefined;
  /** No more faults. */
  readonly calm: () => void;
  /** Resolves when no call is under way. */
  readonly idle: () => Promise<void>;
}

export const defaults: Readonly<Record<string, Value>> = {
  hold: false,
  mute: false,
  callbackHttpMethod: 'POST',
  callbackTimeout: 10_000,
};

type Answer =
  | { readonly _tag: 'Respond'; readonly status: number; readonly json?: object; readonly resetMs?: number }
  | { readonly _tag: 'Drop' };

interface Fate {
  readonly beforeMs: number;
  readonly executes: boolean;
  readonly evenWithoutClient: boolean;
  readonly afterMs: number;
  readonly answer: Answer;
}

export const startFaultyApi = async (
  { onTestFinished }: Scope,
  dice: Dice,
  witness: Witness,
): Promise<FaultyApi> => {
  const world = new Map<string, Map<string, Value>>();
  let isCalm = false;
  let underWay = 0;
  let calls = 0;

  const isCompleted = (conference: string): boolean => world.get(conference)?.get('state') === 'completed';
  const execute = (call: ArrivedCall): void => {
    const settings = world.get(call.conference) ?? new Map<string, Value>();
    world.set(call.conference, settings);
    for (const [name, value] of Object.entries(call.body)) settings.set(name, value);
    witness.executed(call);
  };

  const play = async (call: ArrivedCall, response: ServerResponse): Promise<Told> => {
    const fate = isCalm ? calmFate : fateFrom(dice);
    await pause(fate.beforeMs);
    if (fate.executes && isCompleted(call.conference)) {
      return respond(response, { _tag: 'Respond', status: 403, json: hasEnded(call.conference) });
    }
    if (fate.executes && (fate.evenWithoutClient || !isGone(response))) execute(call);
    await pause(fate.afterMs);
    return respond(response, fate.answer);
  };

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = settingsIn(await textOf(request));
    const conference = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    calls += 1;
    const call = { number: calls, conference, body };
    witness.arrived(call);
    witness.ended(call, await play(call, response));
  };

  const server = createServer((request, response) => {
    underWay += 1;
    receive(request, response)
      // A client that was killed while it sent its request.
      .catch(() => response.destroy())
      .finally(() => (underWay -= 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    truth: (conference, setting) => world.get(conference)?.get(setting) ?? defaults[setting],
    calm: () => {
      isCalm = true;
    },
    idle: async () => {
      // What somebody sent before he died may not have been read yet.
      for (let quiet = 0; quiet < 5; quiet = underWay > 0 ? 0 : quiet + 1) await pause(2);
    },
  };
};

const calmFate: Fate = {
  beforeMs: 0,
  executes: true,
  evenWithoutClient: true,
  afterMs: 1,
  answer: { _tag: 'Respond', status: 200 },
};

const fateFrom = (dice: Dice): Fate => {
  const delays = {
    beforeMs: dice.chance(0.5) ? dice.between(0, 60) : 0,
    afterMs: dice.chance(0.5) ? dice.between(0, 60) : 0,
    evenWithoutClient: dice.chance(0.5),
  };
  const respond = (status: number, executes: boolean, json?: object): Fate => ({
    ...delays,
    executes,
    answer: { _tag: 'Respond', status, ...(json === undefined ? {} : { json }) },
  });
  const fault = dice.roll();
  if (fault < 0.05) return respond(500, dice.chance(0.5), problem('backend', 'internal-error'));
  if (fault < 0.1) return { ...delays, executes: dice.chance(0.5), answer: { _tag: 'Drop' } };
  if (fault < 0.14) return respond(409, false, problem('conflict', 'conference-update-conflict'));
  if (fault < 0.17) {
    const answer = { _tag: 'Respond', status: 429, json: problem('limit', 'rate-limit') } as const;
    return { ...delays, executes: false, answer: { ...answer, resetMs: dice.between(50, 250) } };
  }
  return respond(200, true);
};

const problem = (category: string, code: string, message = code): object => ({
  category,
  code,
  message,
  details: [],
});

const hasEnded = (conference: string): object =>
  problem(
    'forbidden',
    'conference-error',
    `Unable to update conference ${conference}. Invalid conference state completed`,
  );

const isGone = ({ socket }: ServerResponse): boolean => socket === null || socket.destroyed;

/** What the client is told by it. */
const respond = (response: ServerResponse, answer: Answer): Told => {
  if (isGone(response)) return 'unknown';
  if (answer._tag === 'Drop') {
    response.socket?.resetAndDestroy();
    return 'unknown';
  }
  const { status, json, resetMs } = answer;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(resetMs === undefined ? {} : { 'x-ratelimit-reset': String(Date.now() + resetMs) }),
  });
  response.end(json === undefined ? '' : JSON.stringify(json));
  if (status === 200) return 'applied';
  if (status === 403) return 'ended';
  return status === 500 ? 'unknown' : 'unchanged';
};

const settingsIn = (text: string): Settings => {
  const settings: Record<string, Value> = {};
  for (const [name, value] of Object.entries(parseRecord(text))) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      settings[name] = value;
  }
  return settings;
};
