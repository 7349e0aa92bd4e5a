/**
 * Secrets that would be seen wherever they went. Each holds a word that no escape changes (JSON, HTML and URLs
 * leave letters and digits alone), among signs that every one of them changes; what is encoded as a whole is
 * looked for as Base64, wherever in it the word begins, and as `\u` escapes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Environment } from '../support/holdfast-process.js';

const words = {
  token: 'Q7tokenq',
  secret: 'Q7secretq',
  /** In URLs that are valid. */
  password: 'Q7passq',
  /** In URLs that are not. */
  broken: 'Q7brokeq',
  endpointUser: 'Q7endpoint1q',
  endpointPassword: 'Q7endpoint2q',
  typed: 'Q7typedq',
  events: 'Q7eventsq',
  hook: 'Q7gitpushq',
} as const;

export const token = `t-${words.token}"<&\\/+=%é ' t`;
export const secret = `s:${words.secret}'"<&>\\/+=%:@é {s}`;
/** Signs that no URL changes; a secret with others is refused. */
export const eventsSecret = `e-${words.events}-0123456789_`;
/** Signs that no separator is. */
export const hookSecret = `h-${words.hook}!$+/='"{s}-0123456789`;
export const account: Environment = {
  BANDWIDTH_USER_ID: 'u-canary',
  BANDWIDTH_API_TOKEN: token,
  BANDWIDTH_API_SECRET: secret,
  HOLDFAST_EVENTS_SECRET: eventsSecret,
  HOLDFAST_HOOK_SECRET: hookSecret,
};

/** As it may stand in a URL, partly percent-encoded. */
export const password = `p!$${words.password}&*+,;=~%40%2F.-_(x)`;
export const callbackUrl = `https://hook-user:${password}@hooks.example.com/conferences?x=1`;
export const eventsUrl = `https://holdfast.example.com/events/${eventsSecret}`;
export const fallbackUrl = `https://hook-user:${password}2@fallback.example.com/events/${eventsSecret}?x=1`;

/** As no URL takes it. */
export const brokenPassword = (rest: string): string => `a1${words.broken}${rest}`;
const endpointUser = `u-${words.endpointUser}`;
const endpointPassword = `p-${words.endpointPassword}`;
/** Typed where it does not belong. */
export const typed = `x-${words.typed}`;

/** Endpoints that hold a user and a password, in every way that nobody should write them. */
export const endpointsWithSecrets: readonly [string, ...string[]] = [
  `https://${endpointUser}:${endpointPassword}@api.example.com`,
  `http://${endpointUser}:${endpointPassword}@127.0.0.1:1`,
  `https://${endpointUser}:${endpointPassword}/x@api.example.com`,
  `https://${endpointUser}:80/${endpointPassword}@api.example.com`,
  `http://${endpointUser}:80/${endpointPassword}@api.example.com`,
  `https://${endpointUser}:${endpointPassword} @api.example.com`,
  `https://api.example.com/?key=${endpointPassword}`,
  `${endpointUser}:${endpointPassword}@api.example.com`,
];

export type Word = keyof typeof words;
const allWords: readonly Word[] = [
  'token',
  'secret',
  'password',
  'broken',
  'endpointUser',
  'endpointPassword',
  'typed',
  'events',
  'hook',
];

/** The canaries that a text shows. */
export const seenIn = (text: string): readonly Word[] => {
  const folded = text.toLowerCase();
  const joined = text.replace(/\s/g, '');
  return allWords.filter((name) => {
    const word = words[name];
    return (
      folded.includes(word.toLowerCase()) ||
      folded.includes(inUnicodeEscapes(word)) ||
      inBase64(word).some((one) => joined.includes(one))
    );
  });
};

/** The manifests, the settings file and the saved plans of a test. */
export const ownFiles = /(^|\/)(desired\/|holdfast\.yaml$|saved\.json$)/;

/** The canaries in the files below a folder, by path; `passOver` names those that may hold them. */
export const seenBelow = (folder: string, passOver: RegExp): Readonly<Record<string, readonly Word[]>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !passOver.test(relative(folder, path)))
      .map((path) => [relative(folder, path), seenIn(readFileSync(path, 'latin1'))] as const)
      .filter(([, seen]) => seen.length > 0),
  );

const inUnicodeEscapes = (word: string): string =>
  Array.from(word, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** The letters in the middle depend on nothing around them. */
const inBase64 = (word: string): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const whole = Buffer.from(`${'x'.repeat(shift)}${word}xxx`).toString('base64');
    return whole.slice(shift === 0 ? 0 : 4, Math.floor((shift + word.length) / 3) * 4);
  });
