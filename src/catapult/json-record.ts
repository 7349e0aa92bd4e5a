/**
 * What the API answers is read leniently: a key of another type than documented counts as absent, and so does
 * `null`, so that one odd key never hides the rest of an answer. Unknown keys are ignored.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** none: the text is no JSON, or its JSON is no object. */
export const parseRecord = (text: string): O.Option<JsonRecord> =>
  pipe(
    O.fromEither(E.tryCatch((): unknown => JSON.parse(text.replace(/^\uFEFF/, '')), E.toError)),
    O.chain(asRecord),
  );

export const asRecord = (value: unknown): O.Option<JsonRecord> => O.fromEither(t.UnknownRecord.decode(value));

/** The value of one key; none when it is absent or not what the codec takes. */
export const field = <A>(record: JsonRecord, key: string, codec: t.Decoder<unknown, A>): O.Option<A> =>
  O.fromEither(codec.decode(record[key]));
