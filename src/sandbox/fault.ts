/**
 * Faults that are wanted: which share of the calls goes wrong, and how.
 *
 * Laws: `parseFaults('')` has no faults; a draw hits each fault with its own probability, and none with the rest.
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';

export type Fault =
  /** This status is answered; the call is not executed. */
  | { readonly _tag: 'Status'; readonly status: number }
  /** No answer ever; the call is not executed. */
  | { readonly _tag: 'Timeout' }
  /** The connection is reset before the call is executed. */
  | { readonly _tag: 'Reset' }
  /** The call is executed, and the connection is reset instead of an answer. */
  | { readonly _tag: 'Lost' };

export type Faults = readonly { readonly fault: Fault; readonly probability: number }[];

export type FaultError =
  /** Not of the form `name:probability`. */
  | { readonly _tag: 'NotAPair'; readonly text: string }
  | { readonly _tag: 'UnknownFault'; readonly name: string }
  | { readonly _tag: 'NotAProbability'; readonly text: string }
  /** Together more than 1. */
  | { readonly _tag: 'TooMuch'; readonly sum: number };

/** Reads `500:0.05,timeout:0.02,reset:0.02,lost:0.02`. */
export const parseFaults = (text: string): E.Either<FaultError, Faults> =>
  pipe(
    text.trim() === '' ? [] : text.split(','),
    E.traverseArray((part) => parseFault(part.trim())),
    E.filterOrElse(
      (faults) => sumOf(faults) <= 1 + roundingError,
      (faults): FaultError => ({ _tag: 'TooMuch', sum: sumOf(faults) }),
    ),
  );

/** `value` is evenly distributed over 0 <= value < 1. */
export const chooseFault = (faults: Faults, value: number): O.Option<Fault> => {
  let reached = 0;
  for (const { fault, probability } of faults) {
    reached += probability;
    if (value < reached) return O.some(fault);
  }
  return O.none;
};

export const showFaultError = (error: FaultError): string => {
  switch (error._tag) {
    case 'NotAPair':
      return `'${error.text}' is not a fault (write name:probability, as in 500:0.05)`;
    case 'UnknownFault':
      return `unknown fault '${error.name}' (known: ${Object.keys(named).join(', ')}, or a status from 400 to 599)`;
    case 'NotAProbability':
      return `'${error.text}' is not a probability (write a number from 0 to 1)`;
    case 'TooMuch':
      return `the probabilities add up to ${error.sum} (at most 1)`;
  }
};

const named: Readonly<Record<string, Fault>> = {
  timeout: { _tag: 'Timeout' },
  reset: { _tag: 'Reset' },
  lost: { _tag: 'Lost' },
};

// Ten times 0.1 is a little less than 1 in binary, three times 0.1 a little more than 0.3.
const roundingError = 1e-9;

const parseFault = (text: string): E.Either<FaultError, Faults[number]> => {
  const [, name, probability] = /^([^:\s]+)\s*:\s*(\S+)$/.exec(text) ?? [];
  if (name === undefined || probability === undefined) return E.left({ _tag: 'NotAPair', text });
  return pipe(E.Do, E.apS('fault', parseName(name)), E.apS('probability', parseProbability(probability)));
};

const parseName = (name: string): E.Either<FaultError, Fault> => {
  const fault = Object.hasOwn(named, name) ? named[name] : undefined;
  if (fault !== undefined) return E.right(fault);
  return /^[45][0-9]{2}$/.test(name)
    ? E.right({ _tag: 'Status', status: Number(name) })
    : E.left({ _tag: 'UnknownFault', name });
};

const parseProbability = (text: string): E.Either<FaultError, number> =>
  /^([0-9]+(\.[0-9]*)?|\.[0-9]+)$/.test(text) && Number(text) <= 1
    ? E.right(Number(text))
    : E.left({ _tag: 'NotAProbability', text });

const sumOf = (faults: Faults): number =>
  pipe(
    faults,
    RA.reduce(0, (sum, { probability }) => sum + probability),
  );
