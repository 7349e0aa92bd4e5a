/**
 * cross-fetch with the types of what it is in Node: node-fetch 2. Its own types describe a browser and would
 * bring the whole DOM into the program, so it is loaded without them.
 */
import type { Agent } from 'node:http';
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';

export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>;

export interface FetchRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** With `manual`, a redirect is an answer like any other. */
  readonly redirect: 'manual';
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: Readable;
}

/** Loaded when a client is made, not when this module is: who only plans need not wait for it. */
export const loadFetch = (): Fetch => {
  const loaded = withoutDeprecations((): unknown => require('cross-fetch'));
  if (!isFetch(loaded)) throw new Error('cross-fetch is not a function: the installation is damaged');
  return loaded;
};

/** node-fetch 2 loads Node's own punycode; Node 21 and 22 warn of that on stderr, where our logs go. */
const withoutDeprecations = <A>(load: () => A): A => {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    return load();
  } finally {
    process.noDeprecation = before;
  }
};

const require = createRequire(import.meta.url);

const isFetch = (value: unknown): value is Fetch => typeof value === 'function';
