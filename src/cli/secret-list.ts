/** Secrets that a variable of the environment lists, so that one can be replaced by another. Pure. */
import type { Environment } from './config.js';

/** Shorter ones could be guessed. */
export const shortestSecret = 16;

/** As they stand there, with a comma between two of them, right or wrong. */
export const listedIn = (env: Environment, variable: string): readonly string[] => {
  const text = (env[variable] ?? '').trim();
  return text === '' ? [] : text.split(',').map((secret) => secret.trim());
};

/** Characters that tell a secret from other text, and tell nobody the rest of it. */
const recognised = 12;

/** Takes secrets out of a text that is to be shown, wherever in it they stand, also where one is cut off. */
export const makeHide = (secrets: readonly string[]): ((text: string) => string) => {
  const patterns = secrets.filter(({ length }) => length >= shortestSecret).map(patternFor);
  if (patterns.length === 0) return (text) => text;
  const pattern = new RegExp(patterns.join('|'), 'g');
  return (text) => text.replace(pattern, '***');
};

/** The whole is sought first: behind a sign that ends a word, its head alone would leave the rest. */
const patternFor = (secret: string): string => {
  const head = escaped(secret.slice(0, recognised));
  return /^[\w-]+$/.test(secret) ? `${head}[\\w-]*` : `${escaped(secret)}|${head}[\\w+/=-]*`;
};

const escaped = (text: string): string => text.replace(/[^\w-]/g, '\\$&');
