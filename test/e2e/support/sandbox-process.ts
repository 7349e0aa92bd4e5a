/** `holdfast sandbox` in a process of its own, on a free port. */
import { spawnHoldfast, type HoldfastProcess, type RunOptions } from './holdfast-process.js';
import { decodeRecord, type Json } from './json.js';

export interface SandboxProcess {
  readonly endpoint: string;
  readonly process: HoldfastProcess;
  /** The id of a new conference. */
  readonly createConference: (settings?: Json) => Promise<string>;
  readonly getConference: (id: string) => Promise<Json>;
  /** Any request below `/v1/users/u-test`. */
  readonly request: (method: string, path: string, body?: Json) => Promise<SandboxAnswer>;
}

export interface SandboxAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
}

export const startSandbox = async (args: readonly string[], options: RunOptions): Promise<SandboxProcess> => {
  const started = spawnHoldfast(['sandbox', '--port', '0', ...args], options);
  const { endpoint } = await started.event(({ event }) => event === 'started');
  if (typeof endpoint !== 'string') throw new Error('the sandbox names no endpoint');
  const request: SandboxProcess['request'] = async (method, path, body) => {
    const response = await fetch(`${endpoint}/v1/users/u-test${path}`, {
      method,
      headers: { authorization: `Basic ${btoa('t:s')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const [json = {}] = decodeRecord(await response.text());
    return { status: response.status, headers: response.headers, json };
  };
  return {
    endpoint,
    process: started,
    request,
    createConference: async (settings = {}) => {
      const { headers } = await request('POST', '/conferences', { from: '+15551234567', ...settings });
      return headers.get('location')?.split('/').at(-1) ?? '';
    },
    getConference: async (id) => (await request('GET', `/conferences/${id}`)).json,
  };
};
