/**
 * A bench whose programs run with canaries for credentials. When the test ends, however it ends, nothing that
 * was printed or answered and no file that was written may show one; the manifests, the settings file and the
 * saved plans of a test are its own.
 */
import http from 'node:http';
import { it as base, type Bench } from '../support/bench.js';
import type { Environment, HoldfastProcess, Ran } from '../support/holdfast-process.js';
import { account, ownFiles, seenBelow, seenIn } from './canaries.js';

export interface Guarded extends Pick<Bench, 'write' | 'read' | 'folder' | 'api' | 'sandbox' | 'terminal'> {
  readonly run: (args: readonly string[], env?: Environment) => Promise<Ran>;
  readonly start: (args: readonly string[], env?: Environment) => HoldfastProcess;
  /** Runs to its end while nobody reads what it prints. */
  readonly runUnread: (args: readonly string[]) => Promise<unknown>;
  /** What a program answers over HTTP counts as printed. */
  readonly ask: (url: string) => Promise<void>;
}

const linesWith = (text: string): string =>
  text
    .split('\n')
    .filter((line) => seenIn(line).length > 0)
    .map((line) => line.slice(0, 500))
    .slice(0, 20)
    .join('\n');

/** On a connection of its own: a kept one may just be closed by the other side. */
const bodyOf = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      const chunks: string[] = [];
      response.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
      response.on('end', () => resolve(chunks.join('')));
    });
    request.on('error', reject);
  });

export const it = base.extend<{ guarded: Guarded }>({
  guarded: async ({ bench }, use) => {
    const texts: string[] = [];
    const started: HoldfastProcess[] = [];
    const start: Guarded['start'] = (args, env = {}) => {
      const one = bench.start(args, { ...account, ...env });
      started.push(one);
      return one;
    };
    await use({
      ...bench,
      start,
      run: (args, env) => start(args, env).ended,
      runUnread: async (args) => {
        const one = start(args);
        one.stopReading();
        return one.ended;
      },
      ask: async (url) => void texts.push(await bodyOf(url)),
    });
    for (const one of started) one.signal('SIGKILL');
    await Promise.allSettled(started.map(({ ended }) => ended));
    for (const text of [...texts, ...started.flatMap((one) => [one.stdout(), one.stderr()])]) {
      const seen = seenIn(text);
      if (seen.length > 0) throw new Error(`${seen.join(' and ')} can be seen in:\n${linesWith(text)}`);
    }
    const files = seenBelow(bench.folder, ownFiles);
    if (Object.keys(files).length > 0) throw new Error(`canaries in files: ${JSON.stringify(files)}`);
  },
});
