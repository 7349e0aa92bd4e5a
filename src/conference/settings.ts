/**
 * The eight parameters of `Update Conference`, each with its codec, its default and its equality.
 *
 * Source: the API's page "Update Conference". The codecs accept what the API's own examples show (`"true"`
 * for `true`, `"2000"` for 2000, `post` for `POST`) and yield one normal form, so that two spellings of the
 * same value never make a difference.
 */
import type * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { seal, WebUrl } from './url.js';

/** `completed` ends the conference for good; the API documents no other value. */
export const CompletedState = t.literal('completed');

/** `true` or `false`, also as the API's examples quote them. */
export const Flag = new t.Type<boolean, boolean, unknown>(
  'Flag',
  t.boolean.is,
  (input, context) =>
    input === 'true'
      ? t.success(true)
      : input === 'false'
        ? t.success(false)
        : t.boolean.validate(input, context),
  t.identity,
);

/** Any case. The letters are spelled out, because `toUpperCase` makes POST of more than these. */
export const httpMethodPattern = /^(?:[Gg][Ee][Tt]|[Pp][Oo][Ss][Tt])$/;

export const HttpMethod = new t.Type<'GET' | 'POST', string, unknown>(
  'HttpMethod',
  (input): input is 'GET' | 'POST' => input === 'GET' || input === 'POST',
  (input, context) =>
    typeof input === 'string' && httpMethodPattern.test(input)
      ? t.success(input.toUpperCase() === 'GET' ? 'GET' : 'POST')
      : t.failure(input, context),
  t.identity,
);

/** Milliseconds. The upper limit is documented; the lower one is inferred from the API's rule for applications. */
export const callbackTimeoutLimitsMs = { min: 1, max: 10_000 } as const;

/** Of a quoted timeout, leading zeros included. */
export const mostTimeoutDigits = 9;

export const CallbackTimeoutMs = new t.Type<number, number, unknown>(
  'CallbackTimeoutMs',
  (input): input is number => isTimeout(input),
  (input, context) => {
    const isQuoted = typeof input === 'string' && input.length <= mostTimeoutDigits && /^[0-9]+$/.test(input);
    const value = isQuoted ? Number(input) : input;
    return isTimeout(value) ? t.success(value) : t.failure(input, context);
  },
  t.identity,
);

/** Settings of one conference: the ones that are present are set, the others are left alone. */
export const Settings = t.partial(
  {
    state: CompletedState,
    hold: Flag,
    mute: Flag,
    callbackUrl: WebUrl,
    callbackHttpMethod: HttpMethod,
    callbackTimeout: CallbackTimeoutMs,
    fallbackUrl: WebUrl,
    tag: t.string,
  },
  'Settings',
);

export type Settings = Readonly<t.TypeOf<typeof Settings>>;
export type Setting = keyof Settings;
/** A value of any setting, whichever it is. */
export const SettingValue = t.union([t.boolean, t.number, t.string], 'SettingValue');

export type SettingValue = t.TypeOf<typeof SettingValue>;

/**
 * Settings by name, with any value: what one call sends, what a GET answered, what was applied. Values that the
 * API gave or that are sealed need not be what a manifest may declare.
 */
export const Body = t.partial(
  {
    state: SettingValue,
    hold: SettingValue,
    mute: SettingValue,
    callbackUrl: SettingValue,
    callbackHttpMethod: SettingValue,
    callbackTimeout: SettingValue,
    fallbackUrl: SettingValue,
    tag: SettingValue,
  },
  'Body',
);

export type Body = Readonly<t.TypeOf<typeof Body>>;

/** Every setting, in the order of the API's page. All outputs list settings in this order. */
export const settingNames: readonly Setting[] = [
  'state',
  'hold',
  'mute',
  'callbackUrl',
  'callbackHttpMethod',
  'callbackTimeout',
  'fallbackUrl',
  'tag',
];

export const isSetting = (name: string): name is Setting => byName.has(name);

/** The name itself, and not a part of a large text that is looked for again with every use. */
export const settingNamed = (name: string): Setting | undefined => byName.get(name);

const byName: ReadonlyMap<string, Setting> = new Map(settingNames.map((name) => [name, name]));

/**
 * What the API takes when nothing was ever set. A setting without a default cannot be unset: the API
 * documents no way to, and `null` means "not supplied".
 */
export const defaults: Body = {
  hold: false,
  mute: false,
  callbackHttpMethod: 'POST',
  callbackTimeout: 10_000,
};

/** What people in the conference hear. These overtake the rest. */
export const isAudible = (setting: Setting): boolean =>
  setting === 'state' || setting === 'hold' || setting === 'mute';

/** Equal, where a password may stand open on one side and sealed on the other. */
export const sameValue = (left: SettingValue, right: SettingValue): boolean =>
  left === right || sealValue(left) === sealValue(right);

/** What may be stored of a value: the value, with a URL's password replaced by a digest. */
export const sealValue = (value: SettingValue): SettingValue =>
  typeof value === 'string' ? seal(value) : value;

/** A body from names and values. */
export const toBody = (entries: readonly (readonly [Setting, SettingValue])[]): Body => {
  const body: Partial<Record<Setting, SettingValue>> = {};
  for (const [name, value] of entries) body[name] = value;
  return body;
};

/** The names and values of a body, in the order of `settingNames`. */
export const bodyEntries = (body: Body): readonly (readonly [Setting, SettingValue])[] => {
  const entries: (readonly [Setting, SettingValue])[] = [];
  for (const name of settingNames) {
    const value = body[name];
    if (value !== undefined) entries.push([name, value]);
  }
  return entries;
};

/** What may be stored of a body. */
export const sealBody = (body: Body): Body =>
  toBody(bodyEntries(body).map(([name, value]) => [name, sealValue(value)] as const));

/** Decodes one setting by its name. */
export const decodeSetting = (name: Setting, input: unknown): E.Either<t.Errors, SettingValue> =>
  Settings.props[name].decode(input);

const isTimeout = (input: unknown): input is number =>
  typeof input === 'number' &&
  Number.isInteger(input) &&
  input >= callbackTimeoutLimitsMs.min &&
  input <= callbackTimeoutLimitsMs.max;
