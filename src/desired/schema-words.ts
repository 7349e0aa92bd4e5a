/** What an editor shows beside a manifest: one row for each setting and word. */
import { defaults, type Setting } from '../conference/settings.js';
import type { ConferenceWord } from './conference-words.js';
import { flagWords, settingWords, textWords } from './setting-words.js';
import type { JsonSchema } from './value-schema.js';

export const settingAnnotations = (name: Setting): JsonSchema => {
  const { title, about, examples } = settings[name];
  const byDefault = defaults[name];
  return {
    title,
    description: `${about}. ${name} ${settingWords[name].takes}; null means: not ours, holdfast leaves it alone.`,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    examples,
  };
};

export const wordAnnotations = (name: ConferenceWord): JsonSchema => {
  const { title, about, examples } = words[name];
  const { takes } = name === 'name' ? textWords('invalid-name') : flagWords;
  return { title, description: `${about}. ${name} ${takes}.`, examples };
};

interface Row {
  readonly title: string;
  /** A sentence without its full stop. */
  readonly about: string;
  readonly examples: readonly unknown[];
}

const settings: Readonly<Record<Setting, Row>> = {
  state: {
    title: 'State',
    about: 'Ends the conference, for good',
    examples: ['completed'],
  },
  hold: {
    title: 'Hold',
    about: 'true: nobody in the conference hears or speaks, unless a member has a setting of its own',
    examples: [true, false],
  },
  mute: {
    title: 'Mute',
    about: 'true: nobody in the conference speaks, unless a member has a setting of its own',
    examples: [true, false],
  },
  callbackUrl: {
    title: 'Callback URL',
    about: 'Where the API sends the events of the conference',
    examples: ['https://hooks.example.com/conferences'],
  },
  callbackHttpMethod: {
    title: 'Callback method',
    about: 'How the API calls callbackUrl and fallbackUrl, in any case',
    examples: ['GET', 'POST'],
  },
  callbackTimeout: {
    title: 'Callback timeout',
    about: 'How long the API waits for an answer of callbackUrl',
    examples: [2000],
  },
  fallbackUrl: {
    title: 'Fallback URL',
    about: 'What the API calls when callbackUrl does not answer',
    examples: ['https://backup.example.net/conferences'],
  },
  tag: {
    title: 'Tag',
    about: 'Comes along with the events of the conference',
    examples: ['all-hands', '2025'],
  },
};

const words: Readonly<Record<ConferenceWord, Row>> = {
  name: {
    title: 'Name',
    about: 'For people: it is shown, and never sent',
    examples: ['Weekly all-hands'],
  },
  protect: {
    title: 'Protection',
    about: 'true: holdfast never completes this conference; remembered until an apply with protect: false',
    examples: [true, false],
  },
  suspend: {
    title: 'Suspension',
    about: 'true: left alone, and shown as suspended, until this is removed',
    examples: [true],
  },
  whenEmpty: {
    title: 'When empty',
    about: 'true, beside state: completed only: wait until the last member has left',
    examples: [true],
  },
};
