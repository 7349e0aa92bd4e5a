/** What a setting takes and what to write instead: one row for each. */
import { callbackTimeoutLimitsMs, type Setting } from '../conference/settings.js';
import { quote } from './hide-secrets.js';
import type { Rule } from './problem.js';
import type { Scalar } from './tree.js';

export interface SettingWords {
  readonly rule: Rule;
  /** Completes "`setting` …, not `value`". */
  readonly takes: string;
  /** What to write instead of a scalar. */
  readonly instead: (name: string, scalar: Scalar) => string;
}

const { min, max } = callbackTimeoutLimitsMs;

const url: SettingWords = {
  rule: 'invalid-url',
  takes: 'must be an absolute http or https URL',
  instead: (_name, { value }) => {
    const text = String(value);
    if (/[\s\\]/.test(text)) return 'write %20 for a blank, and no backslash';
    if (text.includes('@')) return 'write https://, and percent-encode what is special in user and password';
    return 'write it in full, such as https://hooks.example.com/conferences';
  },
};

/** Also for the words that are no settings: `protect`, `suspend`, `whenEmpty`. */
export const flagWords: SettingWords = {
  rule: 'invalid-flag',
  takes: 'must be true or false',
  instead: (name, { value, plain }) => {
    const word = String(value).toLowerCase();
    const meant = yes.has(word) ? 'true' : no.has(word) ? 'false' : undefined;
    if (meant === undefined) return `write ${name}: true or ${name}: false`;
    const why =
      plain && typeof value === 'string' && /[a-z]{2}/.test(word) ? `YAML 1.2 reads ${value} as text; ` : '';
    return `${why}write ${name}: ${meant}`;
  },
};

/** For `tag`, and for a conference's `name`. */
export const textWords = (rule: Rule): SettingWords => ({
  rule,
  takes: 'must be a text',
  instead: (name, { source }) => `write ${name}: ${quote(source)}`,
});

export const settingWords: Readonly<Record<Setting, SettingWords>> = {
  state: {
    rule: 'invalid-state',
    takes: 'must be completed (nothing else can be set)',
    instead: () => 'write state: completed, or remove the line',
  },
  hold: flagWords,
  mute: flagWords,
  callbackUrl: url,
  callbackHttpMethod: {
    rule: 'invalid-callback-http-method',
    takes: 'must be GET or POST',
    instead: (name) => `write ${name}: GET or ${name}: POST`,
  },
  callbackTimeout: {
    rule: 'invalid-callback-timeout',
    takes: `must be a whole number of milliseconds from ${min} to ${max}`,
    instead: (name, { value }) => {
      const wanted = Math.round(Number(value));
      const nearest = Math.min(max, Math.max(min, wanted));
      return Number.isNaN(wanted) ? `write such as ${name}: 2000` : `write ${name}: ${nearest}`;
    },
  },
  fallbackUrl: url,
  tag: textWords('invalid-tag'),
};

const yes = new Set(['yes', 'y', 'on', '1', 'true', 't']);
const no = new Set(['no', 'n', 'off', '0', 'false', 'f']);
