/** Since when: so long ago, or a moment as every output writes it. Pure. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import { quote } from '../desired/hide-secrets.js';
import { parseDuration } from './duration.js';

/** Right: epoch ms, always some, as a flag that may be left out has it. Without a zone it is UTC. */
export const parseSince =
  (nowMs: number) =>
  (text: string): E.Either<string, O.Option<number>> => {
    const ago = parseDuration(text);
    const sinceMs = O.isSome(ago) ? O.some(nowMs - ago.value) : parseMoment(text);
    return O.isSome(sinceMs)
      ? E.right(sinceMs)
      : E.left(
          `${quote(text)} is no time: write how long ago, such as 30m, 2h or 7d, or a date such as 2026-01-31 or 2026-01-31T12:00Z`,
        );
  };

const parseMoment = (text: string): O.Option<number> => {
  const [, date, time = '00:00', zone = 'Z'] = pattern.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return O.none;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? O.none : O.some(ms);
};

const pattern =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

/** `Date.parse` takes the 31st of February for the 3rd of March. */
const isDate = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
};
