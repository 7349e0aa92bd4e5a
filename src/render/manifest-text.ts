/**
 * A manifest made of what GETs have answered, as somebody would write it: what equals the API's defaults is left out,
 * and so is what has ended. What cannot be declared, or must not be shown, is a remark where it would stand.
 *
 * Laws: it is valid; it declares what is live, with remarks for the rest; `fmt` changes nothing of it.
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Live } from '../catapult/catapult.js';
import type { ConferenceId } from '../conference/id.js';
import {
  bodyEntries,
  decodeSetting,
  defaults,
  type Setting,
  type SettingValue,
} from '../conference/settings.js';
import { isPlainText, singleQuoted } from '../desired/plain-text.js';
import { safeText } from './safe-text.js';

export interface LiveConference {
  readonly id: ConferenceId;
  readonly live: Live;
}

export interface ManifestText {
  readonly text: string;
  /** What is not declared although it is there, one sentence each. */
  readonly remarks: readonly string[];
}

/** `isSecret`: whether a text must not be shown. */
export const manifestText = (
  conferences: readonly LiveConference[],
  isSecret: (text: string) => boolean,
): ManifestText => {
  const ended = conferences.filter(({ live }) => live.state === 'completed').map(({ id }) => endedRemark(id));
  const drafts = conferences
    .filter(({ live }) => live.state !== 'completed')
    .map((conference) => draft(conference, isSecret));
  const lines = [
    '# As the API has it. What equals its defaults is left out.',
    ...ended.map((remark) => `# ${remark}`),
    ...(drafts.length === 0 ? ['conferences: {}'] : ['conferences:', ...drafts.flatMap(linesOf)]),
  ];
  return {
    text: lines.map((line) => `${line}\n`).join(''),
    remarks: [...ended, ...drafts.flatMap(({ remarks }) => remarks)],
  };
};

interface Draft {
  readonly id: ConferenceId;
  readonly settings: readonly string[];
  readonly remarks: readonly string[];
}

const endedRemark = (id: ConferenceId): string =>
  `${id} has ended, and nothing of it can be changed any more: it is not declared.`;

const draft = ({ id, live }: LiveConference, isSecret: (text: string) => boolean): Draft => {
  const settings: string[] = [];
  const remarks: string[] = [];
  for (const [name, value] of bodyEntries(live.settings)) {
    if (value === defaults[name]) continue;
    const obstacle = obstacleTo(name, value, isSecret);
    if (obstacle === undefined) settings.push(`${name}: ${written(value)}`);
    else remarks.push(`The ${name} of ${id} ${obstacle}.`);
  }
  return { id, settings, remarks };
};

/** Why a value is not written; undefined: it can be. */
const obstacleTo = (
  name: Setting,
  value: SettingValue,
  isSecret: (text: string) => boolean,
): string | undefined => {
  if (typeof value === 'string' && isSecret(value))
    return 'holds a password or another secret, and is not shown: declare it by hand';
  return E.isLeft(decodeSetting(name, value))
    ? 'is nothing that can be declared: it stays as it is'
    : undefined;
};

const linesOf = ({ id, settings, remarks }: Draft): readonly string[] => [
  ...remarks.map((remark) => `  # ${remark}`),
  settings.length === 0 ? `  ${written(id)}: {}` : `  ${written(id)}:`,
  ...settings.map((setting) => `    ${setting}`),
];

/** Double quotes show what a terminal would act on as an escape. */
const written = (value: SettingValue): string => {
  if (typeof value !== 'string') return String(value);
  return isPlainText(value, false) ? value : (singleQuoted(value) ?? safeText(JSON.stringify(value)));
};
