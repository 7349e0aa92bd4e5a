/**
 * Settings of a run: flags, then environment, then `holdfast.yaml` beside the desired directory, then defaults.
 * Pure. Every problem is told at once.
 *
 * Token and secret are not here: they come from the environment alone (`catapult/credentials.ts`).
 */
import { sequenceS } from 'fp-ts/lib/Apply.js';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as RA from 'fp-ts/lib/ReadonlyArray.js';
import { pipe } from 'fp-ts/lib/function.js';
import { defaultEndpoint, parseEndpoint, type Endpoint } from '../catapult/endpoint.js';
import { quote } from '../desired/hide-secrets.js';
import { parseStateLocation, type StateLocation } from '../ledger/sqlite-location.js';
import type { Rate } from '../ledger/store.js';
import type { OnRemove } from '../plan/plan.js';
import type { DriftMode } from '../reconcile/drift-watch.js';
import {
  driftModes,
  logFormats,
  onRemoveWords,
  planFormats,
  reportFormats,
  validateFormats,
} from './choices.js';
import { parseDuration, writeDuration } from './duration.js';

export interface Layers {
  /** By the flag's name in camelCase, as the command line was read. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Environment;
  readonly file: FileLayer;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The keys of `holdfast.yaml` with the place of each value. */
export type FileLayer = ReadonlyMap<string, { readonly value: unknown; readonly place: string }>;

export interface CommonConfig {
  readonly state: StateLocation;
  readonly endpoint: Endpoint;
  /** none: neither flag, environment nor file names one. */
  readonly userId: O.Option<string>;
  readonly rate: Rate;
  readonly onRemove: OnRemove;
  readonly maxComplete: number;
  /** none: nobody counts the people in a conference before it is completed or held. */
  readonly maxAudience: O.Option<number>;
  /** none: pretty at a terminal, JSON otherwise. */
  readonly logFormat: O.Option<'pretty' | 'json'>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** One sentence each, ready to be shown. */
export type Problems = readonly string[];

/** What may stand in `holdfast.yaml`: the long flags in camelCase, but what belongs to a single run. */
export const configKeys: readonly string[] = [
  'state',
  'endpoint',
  'userId',
  'rate',
  'onRemove',
  'maxComplete',
  'maxAudience',
  'logFormat',
  'format',
  'detailedExitcode',
  'refresh',
  'full',
  'listen',
  'git',
  'branch',
  'path',
  'poll',
  'requireSigned',
  'allowedSigners',
  'allowRewind',
  'sandbox',
  'drift',
  'driftEvery',
  'port',
  'latency',
  'fault',
  'seed',
];

/** Flags that a file must not set: they are said for one run, by a person. */
export const singleRunKeys: readonly string[] = ['yes', 'force', 'out', 'base', 'watch'];

type Parser<A> = (input: unknown) => E.Either<string, A>;

interface Source<A> {
  readonly key: string;
  readonly variable?: string;
  /** Reads what a flag, a variable or the file says, and `fallback` when none says anything. */
  readonly parse: Parser<A>;
  readonly fallback: unknown;
}

export const commonConfig = (layers: Layers): E.Either<Problems, CommonConfig> =>
  together({
    state: resolve(layers, stateSource),
    endpoint: resolve(layers, endpointSource),
    userId: resolve(layers, {
      key: 'userId',
      variable: 'BANDWIDTH_USER_ID',
      parse: optional(text),
      fallback: undefined,
    }),
    rate: resolve(layers, { key: 'rate', parse: parseRate, fallback: 1 }),
    onRemove: resolve(layers, {
      key: 'onRemove',
      parse: oneOf(onRemoveWords),
      fallback: 'release',
    }),
    maxComplete: resolve(layers, { key: 'maxComplete', parse: wholeNumber(0, 1_000_000), fallback: 5 }),
    maxAudience: resolve(layers, {
      key: 'maxAudience',
      parse: optional(wholeNumber(0, 1_000_000)),
      fallback: undefined,
    }),
    logFormat: logFormatConfig(layers),
  });

export const logFormatConfig = (layers: Layers): E.Either<Problems, CommonConfig['logFormat']> =>
  resolve(layers, {
    key: 'logFormat',
    parse: optional(oneOf(logFormats)),
    fallback: undefined,
  });

/** The format of a command's output. A file's choice that only other commands have is passed over. */
export const formatConfig = <F extends string>(
  layers: Layers,
  formats: readonly F[],
  fallback: F,
): E.Either<Problems, F> => {
  const said = layers.file.get('format')?.value;
  const isForOthers =
    allFormats.some((format) => format === said) && !formats.some((format) => format === said);
  const file: FileLayer = isForOthers ? new Map() : layers.file;
  return resolve({ ...layers, file }, { key: 'format', parse: oneOf(formats), fallback });
};

const allFormats: readonly string[] = [...validateFormats, ...planFormats, ...reportFormats];

export const switchConfig = (layers: Layers, key: string): E.Either<Problems, boolean> =>
  resolve(layers, { key, parse: parseSwitch, fallback: false });

export const listenConfig = (layers: Layers): E.Either<Problems, O.Option<ListenAddress>> =>
  resolve(layers, { key: 'listen', parse: optional(parseListen), fallback: undefined });

export const driftConfig = (layers: Layers): E.Either<Problems, DriftMode> =>
  resolve(layers, {
    key: 'drift',
    parse: oneOf(driftModes),
    fallback: 'report',
  });

/** A time with its unit; milliseconds. */
export const durationFlag = (
  layers: Layers,
  key: string,
  limits: { readonly minMs: number; readonly maxMs: number },
  fallback: string,
): E.Either<Problems, number> => resolve(layers, { key, parse: durationFrom(limits), fallback });

export const numberFlag = (
  layers: Layers,
  key: string,
  limits: { readonly min: number; readonly max: number },
  fallback: number,
): E.Either<Problems, number> =>
  resolve(layers, { key, parse: wholeNumber(limits.min, limits.max), fallback });

/** A text with a grammar of its own. */
export const parsedFlag = <A>(
  layers: Layers,
  key: string,
  parse: (input: string) => E.Either<string, A>,
  fallback: A,
): E.Either<Problems, A> =>
  pipe(
    resolve(layers, { key, parse: optional(parsed(parse)), fallback: undefined }),
    E.map(O.getOrElse(() => fallback)),
  );

export const rateFlag = (layers: Layers): E.Either<Problems, Rate> =>
  resolve(layers, { key: 'rate', parse: parseRate, fallback: 1 });

/** Whether anybody named a state, or the default is used. */
export const isStateSaid = ({ flags, env, file }: Layers): boolean =>
  flags['state'] !== undefined || (env['HOLDFAST_STATE'] ?? '').trim() !== '' || file.has('state');

/** `together({ a: Either, b: Either })`: all the problems, or all the values. */
export const together = sequenceS(E.getApplicativeValidation(RA.getSemigroup<string>()));

/** `onRemove` is `--on-remove` on the command line. */
export const flagName = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const text: Parser<string> = (input) =>
  typeof input === 'string' && input.trim() !== ''
    ? E.right(input.trim())
    : E.left('write a text that is not empty');

const optional =
  <A>(parse: Parser<A>): Parser<O.Option<A>> =>
  (input) =>
    input === undefined ? E.right(O.none) : pipe(parse(input), E.map(O.some));

const parsed =
  <A>(parse: (input: string) => E.Either<string, A>): Parser<A> =>
  (input) =>
    pipe(text(input), E.chain(parse));

export const oneOf =
  <A extends string>(allowed: readonly A[]): Parser<A> =>
  (input) =>
    pipe(
      allowed.find((value) => value === input),
      E.fromNullable(
        `${show(input)} is not known: write ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1) ?? ''}`,
      ),
    );

const number = (input: unknown): number | undefined => {
  if (typeof input === 'number') return input;
  return typeof input === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(input.trim()) ? Number(input) : undefined;
};

const wholeNumber =
  (min: number, max: number): Parser<number> =>
  (input) => {
    const value = number(input);
    return value !== undefined && Number.isInteger(value) && value >= min && value <= max
      ? E.right(value)
      : E.left(`${show(input)} is not a whole number from ${min} to ${max}`);
  };

const parseRate: Parser<Rate> = (input) => {
  if (input === 'unlimited') return E.right('unlimited');
  const value = number(input);
  return value !== undefined && value >= 0.001 && value <= 1000
    ? E.right(value)
    : E.left(`${show(input)} is not a rate: write calls per second from 0.001 to 1000, or unlimited`);
};

const parseSwitch: Parser<boolean> = (input) =>
  typeof input === 'boolean' ? E.right(input) : E.left(`${show(input)} is not a switch: write true or false`);

const parseListen: Parser<ListenAddress> = (input) => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s]+)):([0-9]{1,5})$/.exec(String(input)) ?? [];
  const host = bracketed ?? plain;
  return host !== undefined && Number(port) <= 65_535
    ? E.right({ host, port: Number(port) })
    : E.left(`${show(input)} is no address: write HOST:PORT such as 127.0.0.1:9464`);
};

const stateSource: Source<StateLocation> = {
  key: 'state',
  variable: 'HOLDFAST_STATE',
  parse: parsed(parseStateLocation),
  fallback: 'sqlite:.holdfast/state.db',
};

const endpointSource: Source<Endpoint> = {
  key: 'endpoint',
  variable: 'BANDWIDTH_API_ENDPOINT',
  parse: parsed(parseEndpoint),
  fallback: defaultEndpoint,
};

/** The first layer that says something decides, also when what it says is wrong. */
const resolve = <A>(layers: Layers, { key, variable, parse, fallback }: Source<A>): E.Either<Problems, A> => {
  const { input, said } = firstSaid(layers, key, variable);
  return pipe(
    parse(input === undefined ? fallback : input),
    E.mapLeft((problem) => [`${said}: ${problem}`]),
  );
};

const firstSaid = (
  { flags, env, file }: Layers,
  key: string,
  variable: string | undefined,
): { readonly input: unknown; readonly said: string } => {
  if (flags[key] !== undefined) return { input: flags[key], said: flagName(key) };
  const value = variable === undefined ? undefined : env[variable];
  if (variable !== undefined && value !== undefined && value.trim() !== '')
    return { input: value, said: variable };
  const entry = file.get(key);
  return entry === undefined
    ? { input: undefined, said: flagName(key) }
    : { input: entry.value, said: `${entry.place}: ${key}` };
};

const durationFrom =
  ({ minMs, maxMs }: { readonly minMs: number; readonly maxMs: number }): Parser<number> =>
  (input) => {
    const ms = typeof input === 'string' ? parseDuration(input) : O.none;
    return O.isSome(ms) && ms.value >= minMs && ms.value <= maxMs
      ? E.right(ms.value)
      : E.left(
          `${show(input)} is not a time: write a number with its unit, such as 30s, 15m or 1h, from ${writeDuration(minMs)} to ${writeDuration(maxMs)}`,
        );
  };

const show = (input: unknown): string => quote(String(input));
