/** What `--listen` serves. */
import { request as httpRequest } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { eventually } from './feed.js';
import type { Program } from './program.js';

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
}

export const get = (url: string): Promise<Page> =>
  new Promise((done, fail) => {
    const request = httpRequest(url, { agent: false }, (response) => {
      void textOf(response).then((text) => {
        done({
          status: response.statusCode ?? 0,
          text,
          contentType: response.headers['content-type'] ?? '',
        });
      }, fail);
    });
    request.on('error', fail).end();
  });

/** Where `--listen 127.0.0.1:0` listens. */
export const listeningAt = async (program: Program): Promise<string> => {
  const entry = await program.log.next('where it listens', ({ listen }) => typeof listen === 'string');
  return String(entry['listen']);
};

export const ready = (base: string, status: 200 | 503): Promise<Page> =>
  eventually(`/readyz ${status}`, async () => {
    const page = await get(`${base}/readyz`);
    return page.status === status ? page : undefined;
  });
