/**
 * What was called, and what was forced, told from the ledger alone. Pure.
 *
 * Laws: newest first; no more than `limit` calls; what was forced before the oldest of them is left out when calls
 * are.
 */
import * as O from 'fp-ts/lib/Option.js';
import type { ConferenceId } from '../conference/id.js';
import type { DeclaredSnapshot, Outcome } from '../ledger/record.js';
import type { Call, Forced, Holder, HistoryQuery, Stored } from '../ledger/store.js';

export interface History {
  readonly asked: HistoryQuery;
  /** In the order of time, the newest first. */
  readonly lines: readonly HistoryLine[];
  /** Calls that were asked for and are not among them. */
  readonly more: boolean;
}

export type HistoryLine =
  | {
      readonly _tag: 'Call';
      readonly call: Call;
      /** As it was declared last; none: it never was, or has no name. */
      readonly name: O.Option<string>;
      readonly end: CallEnd;
    }
  | { readonly _tag: 'Force'; readonly forced: Forced };

/** `UnderWay`: its writer still waits for the answer. `Unknown`: its writer ended before there was one. */
export type CallEnd = Outcome['_tag'] | 'UnderWay' | 'Unknown';

/** What has to be read of a ledger, to know whether there is more. */
export const queryFor = (asked: HistoryQuery): HistoryQuery => ({ ...asked, limit: asked.limit + 1 });

/** `calls` and `forced`: as the ledger answered `queryFor`. */
export const historyOf = (
  asked: HistoryQuery,
  calls: readonly Call[],
  forced: readonly Forced[],
  { records, writer }: Pick<Stored, 'records' | 'writer'>,
): History => {
  const shown = calls.slice(0, asked.limit);
  const more = calls.length > shown.length;
  const oldestMs = more ? (shown.at(-1)?.startedAtMs ?? 0) : 0;
  return {
    asked,
    lines: merged(
      shown.map((call) => ({ _tag: 'Call', call, name: nameIn(records, call), end: endOf(call, writer) })),
      forced
        .filter(({ atMs }) => atMs >= oldestMs)
        .map((one): HistoryLine => ({ _tag: 'Force', forced: one })),
    ),
    more,
  };
};

/** Calls stay in the order of their numbers, whatever a clock did meanwhile. What is forced comes before its calls. */
const merged = (calls: readonly HistoryLine[], forced: readonly HistoryLine[]): readonly HistoryLine[] => {
  const lines: HistoryLine[] = [];
  let next = 0;
  for (const call of calls) {
    for (let one = forced[next]; one !== undefined && timeOf(one) > timeOf(call); one = forced[next]) {
      lines.push(one);
      next += 1;
    }
    lines.push(call);
  }
  return [...lines, ...forced.slice(next)];
};

const timeOf = (line: HistoryLine): number =>
  line._tag === 'Call' ? line.call.startedAtMs : line.forced.atMs;

const nameIn = (records: Stored['records'], { conference }: { readonly conference: ConferenceId }) =>
  O.chain(({ name }: DeclaredSnapshot) => name)(records.get(conference)?.declared ?? O.none);

const endOf = ({ result, startedAtMs }: Call, writer: O.Option<Holder>): CallEnd => {
  if (O.isSome(result)) return result.value.outcome;
  return O.isSome(writer) && startedAtMs >= writer.value.sinceMs ? 'UnderWay' : 'Unknown';
};
