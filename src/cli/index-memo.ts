/** What the index remembers of the last plan, as a text of its own. Nothing in it needs to be hidden. */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import { ConferenceId } from '../conference/id.js';

const Memo = t.type(
  {
    /** Of the state that the marks of conferences were made from: of its file (`stateStamp`), and of its content. */
    stamp: t.string,
    content: t.string,
    /** How many conferences of the entries have which mark. */
    quiet: t.number,
    fresh: t.number,
    loud: t.number,
    /** What the ledger knows and no entry declares: nobody does, or a file that is left out. */
    outside: t.array(ConferenceId),
    budget: t.union([t.null, t.type({ intervalMs: t.number, learnedAtMs: t.number })]),
  },
  'Memo',
);

export type Memo = Readonly<t.TypeOf<typeof Memo>>;

export const encodeMemo = (memo: Memo): string => JSON.stringify(Memo.encode(memo));

export const decodeMemo = (text: string): O.Option<Memo> => {
  const json = E.tryCatch((): unknown => JSON.parse(text), E.toError);
  return E.isLeft(json) ? O.none : O.fromEither(Memo.decode(json.right));
};
