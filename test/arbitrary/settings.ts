/** Settings as manifests declare them, and as the ledger keeps them (sealed). */
import fc from 'fast-check';
import {
  settingNames,
  sealValue,
  toBody,
  type Body,
  type Setting,
  type SettingValue,
} from '../../src/conference/settings.js';

export const settingName: fc.Arbitrary<Setting> = fc.constantFrom(...settingNames);

export const text: fc.Arbitrary<string> = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));

const webUrl: fc.Arbitrary<string> = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc.constantFrom('https://user:pa:ss@hooks.example.com/a', 'http://user@hooks.example.com:8080/?q=%20'),
);

/** A value that the setting's codec accepts, in its normal form. */
export const valueOf = (setting: Setting): fc.Arbitrary<SettingValue> => {
  switch (setting) {
    case 'state':
      return fc.constant('completed');
    case 'hold':
    case 'mute':
      return fc.boolean();
    case 'callbackUrl':
    case 'fallbackUrl':
      return webUrl;
    case 'callbackHttpMethod':
      return fc.constantFrom('GET', 'POST');
    case 'callbackTimeout':
      return fc.integer({ min: 1, max: 10_000 });
    case 'tag':
      return text;
  }
};

export const sealedValueOf = (setting: Setting): fc.Arbitrary<SettingValue> =>
  valueOf(setting).map(sealValue);

export const body: fc.Arbitrary<Body> = bySetting(valueOf).map(toBody);

export const sealedBody: fc.Arbitrary<Body> = bySetting(sealedValueOf).map(toBody);

/** Some settings, each with a value that depends on which it is. */
export function bySetting<A>(
  value: (setting: Setting) => fc.Arbitrary<A>,
): fc.Arbitrary<readonly (readonly [Setting, A])[]> {
  return fc
    .subarray([...settingNames])
    .chain((names) => fc.tuple(...names.map((name) => value(name).map((found) => [name, found] as const))));
}
