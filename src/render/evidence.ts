/** What the API said, in one line. */
import * as O from 'fp-ts/lib/Option.js';
import type { Evidence } from '../catapult/answer.js';
import { maskPasswords } from '../conference/url.js';
import { safeText } from './safe-text.js';

/** `400 validation-error: The 'conference' resource property …`. */
export const evidenceText = ({ status, code, message }: Evidence): string => {
  const head = [O.isSome(status) ? String(status.value) : '', O.isSome(code) ? code.value : '']
    .filter((part) => part !== '')
    .join(' ');
  return safeText(maskPasswords([head, message].filter((part) => part !== '').join(': ')));
};
