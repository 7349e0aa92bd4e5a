/** Whether two declarations of a conference say the same, wherever they stand. Pure. */
import * as O from 'fp-ts/lib/Option.js';
import { settingNames } from '../conference/settings.js';
import type { Declared } from '../desired/desired.js';

/**
 * Everything that can change what is sent or checked: not the name, and no place in a file. It holds passwords:
 * compare it, and never show or store it.
 */
export const contentOf = (declared: Declared | undefined): string => {
  if (declared === undefined) return 'not declared';
  const { protect, suspend, whenEmpty, settings } = declared;
  const values = settingNames.map((name) => {
    const setting = settings[name];
    return setting === undefined ? [] : [O.toNullable(setting.value)];
  });
  return JSON.stringify([O.toNullable(protect), suspend, whenEmpty, values]);
};
