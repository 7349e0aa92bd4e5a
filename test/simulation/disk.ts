/**
 * A file that is only added to, as a disk keeps it: what was written is seen by everybody at once, but survives
 * a power cut only when it was synced before. The last frame may be torn then; its checksum tells, and it is
 * left out, as SQLite does with the end of its log. A write that failed may turn up after all when the next
 * process opens the file.
 */
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as t from 'io-ts';
import { ConferenceId } from '../../src/conference/id.js';
import type { Lease } from '../../src/ledger/lease.js';
import type { ConferenceRecord } from '../../src/ledger/record.js';
import {
  decodeStored,
  encodeStored,
  storedFacts,
  storedHolder,
  storedRecord,
} from '../../src/ledger/record-codec.js';
import { noFacts, type Batch, type Facts } from '../../src/ledger/store.js';

/** What one transaction changes. */
export interface Frame {
  readonly records: Batch['records'];
  readonly facts: O.Option<Facts>;
  /** The highest call number in it; 0 when there is none. */
  readonly lastCall: number;
  readonly lease: Lease;
}

export interface Contents {
  readonly records: Map<ConferenceId, ConferenceRecord>;
  facts: Facts;
  lastCall: number;
  lease: Lease;
}

export interface Disk {
  /** What every process reads. */
  readonly visible: () => Contents;
  /** What a power cut leaves, at least. */
  readonly durable: () => Contents;
  readonly append: (frame: Frame) => void;
  /** A write that is reported as failed, and may be found later. */
  readonly appendInVain: (frame: Frame) => void;
  /** Makes durable what was written so far. */
  readonly sync: () => void;
  /** The writer died: the file stays as it is. `luck`: from 0 to 1. */
  readonly abandon: (luck: number) => void;
  /** Everything that was not synced is cut off somewhere. `luck`: from 0 to 1. */
  readonly powerCut: (luck: number) => void;
}

export const makeDisk = (): Disk => {
  const durable = emptyContents();
  let visible = emptyContents();
  let pending: Frame[] = [];
  let inVain: Frame | undefined;

  const append = (frame: Frame): void => {
    inVain = undefined;
    pending.push(frame);
    take(visible, frame);
  };

  return {
    visible: () => visible,
    durable: () => durable,
    append,
    appendInVain: (frame) => {
      inVain = frame;
    },
    sync: () => {
      for (const frame of pending) take(durable, frame);
      pending = [];
    },
    abandon: (luck) => {
      if (inVain !== undefined && luck < 0.5) append(inVain);
      inVain = undefined;
    },
    powerCut: (luck) => {
      const text = [...pending, ...(inVain === undefined ? [] : [inVain])].map(frameText).join('');
      pending = recover(text.slice(0, Math.ceil(luck * (text.length + 1))));
      inVain = undefined;
      visible = copyOf(durable);
      for (const frame of pending) take(visible, frame);
    },
  };
};

/** The record as the next process will read it. */
export const reread = (record: ConferenceRecord): ConferenceRecord =>
  rightOf(decodeStored(storedRecord, encodeStored(storedRecord, record)));

const emptyContents = (): Contents => ({
  records: new Map(),
  facts: noFacts,
  lastCall: 0,
  lease: { token: 0, heartbeatMs: 0, holder: O.none },
});

const take = (contents: Contents, { records, facts, lastCall, lease }: Frame): void => {
  for (const [id, record] of records) {
    if (O.isSome(record)) contents.records.set(id, record.value);
    else contents.records.delete(id);
  }
  contents.facts = O.getOrElse(() => contents.facts)(facts);
  contents.lastCall = Math.max(contents.lastCall, lastCall);
  contents.lease = lease;
};

const copyOf = (contents: Contents): Contents => ({ ...contents, records: new Map(contents.records) });

const frameText = ({ records, facts, lastCall, lease }: Frame): string => {
  const text = JSON.stringify({
    records: [...records].map(([id, record]) => [
      id,
      O.isSome(record) ? encodeStored(storedRecord, record.value) : null,
    ]),
    facts: O.isSome(facts) ? encodeStored(storedFacts, facts.value) : null,
    lastCall,
    token: lease.token,
    heartbeatMs: lease.heartbeatMs,
    holder: O.isSome(lease.holder) ? encodeStored(storedHolder, lease.holder.value) : null,
  });
  return `${checksum(text)} ${text}\n`;
};

/** The whole frames at the beginning of a text. */
const recover = (text: string): Frame[] => {
  const frames: Frame[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [sum, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (sum !== checksum(rest)) break;
    frames.push(frameIn(rest));
  }
  return frames;
};

const frameIn = (text: string): Frame => {
  const { records, facts, lastCall, token, heartbeatMs, holder } = rightOf(decodeStored(storedFrame, text));
  return {
    records: new Map(
      records.map(([id, record]) => [
        id,
        record === null ? O.none : O.some(rightOf(decodeStored(storedRecord, record))),
      ]),
    ),
    facts: facts === null ? O.none : O.some(rightOf(decodeStored(storedFacts, facts))),
    lastCall,
    lease: {
      token,
      heartbeatMs,
      holder: holder === null ? O.none : O.some(rightOf(decodeStored(storedHolder, holder))),
    },
  };
};

const orNull = <A>(codec: t.Type<A, unknown>): t.Type<A | null, unknown> => t.union([codec, t.null]);

const storedFrame = t.type({
  records: t.readonlyArray(t.tuple([ConferenceId, orNull(t.string)])),
  facts: orNull(t.string),
  lastCall: t.number,
  token: t.number,
  heartbeatMs: t.number,
  holder: orNull(t.string),
});

/** FNV-1a: enough to tell a torn frame. */
const checksum = (text: string): string => {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return (sum >>> 0).toString(16);
};

const rightOf = <A>(decoded: E.Either<string, A>): A => {
  if (E.isLeft(decoded)) throw new Error(`what was stored cannot be read: ${decoded.left}`);
  return decoded.right;
};
