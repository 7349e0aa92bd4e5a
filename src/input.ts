/** What comes from the person or script at the other end; most commands take nothing from there. */
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import type { Answer } from './cli/terminal.js';

export const readInput = (): Promise<Uint8Array> => buffer(process.stdin);

export const ask = (question: string): Promise<Answer> =>
  new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.once('SIGINT', () => {
      resolve({ _tag: 'Interrupted' });
      lines.close();
    });
    const onTerm = (): void => {
      resolve({ _tag: 'Interrupted' });
      lines.close();
    };
    process.once('SIGTERM', onTerm);
    lines.once('close', () => {
      // Later ones are for whoever listens then.
      process.off('SIGTERM', onTerm);
      resolve({ _tag: 'Ended' });
    });
    lines.question(question, (text) => {
      resolve({ _tag: 'Said', text });
      lines.close();
    });
  });
