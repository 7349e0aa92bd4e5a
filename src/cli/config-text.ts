/** The text of `holdfast.yaml` to its keys. Pure; every problem is told at once. */
import { closest, distance } from 'fastest-levenshtein';
import * as E from 'fp-ts/lib/Either.js';
import { isMap, isScalar, LineCounter, parseDocument, type Pair } from 'yaml';
import { hideSecrets, quote } from '../desired/hide-secrets.js';
import { boundedTokens } from '../desired/tokens.js';
import { configKeys, flagName, singleRunKeys, type FileLayer, type Problems } from './config.js';

export const readConfigText = (path: string, text: string): E.Either<Problems, FileLayer> => {
  const tooLarge: string[] = [];
  for (const _token of boundedTokens(text, ({ _tag }) => tooLarge.push(_tag)));
  if (tooLarge.length > 0) return E.left([`${path}: larger or deeper than any settings are`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const faults = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${hideSecrets(message)}`);
  if (faults.length > 0) return E.left(faults);
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return E.right(new Map());
  if (!isMap(root)) return E.left([`${path}:1:1: not a mapping: write one \`key: value\` a line`]);
  const entries = root.items.map((item) => readEntry(item, at));
  const problems = entries.flatMap((entry) => (E.isLeft(entry) ? [entry.left] : []));
  return problems.length > 0
    ? E.left(problems)
    : E.right(new Map(entries.flatMap((entry) => (E.isRight(entry) ? [entry.right] : []))));
};

type Entry = readonly [string, { readonly value: unknown; readonly place: string }];

const readEntry = ({ key, value }: Pair, at: (offset: number) => string): E.Either<string, Entry> => {
  const name = isScalar(key) ? String(key.value) : '';
  const place = at(isScalar(key) ? (key.range?.[0] ?? 0) : 0);
  if (secretKeys.test(name)) {
    return E.left(
      `${place}: ${/^\w*/.exec(name)?.[0] ?? ''}: secrets do not belong into a file: use BANDWIDTH_API_TOKEN, BANDWIDTH_API_SECRET and HOLDFAST_EVENTS_SECRET`,
    );
  }
  if (singleRunKeys.includes(name)) {
    return E.left(`${place}: ${name}: is said for one run only: write ${flagName(name)} on the command line`);
  }
  if (!configKeys.includes(name)) return E.left(`${place}: unknown key ${quote(name)}${suggestion(name)}`);
  if (!isScalar(value)) return E.left(`${place}: ${name}: write one value`);
  return E.right([name, { value: value.value, place: at(value.range?.[0] ?? 0) }]);
};

const secretKeys = /token|secret|password/i;

const suggestion = (name: string): string => {
  const nearest = closest(name, [...configKeys]);
  return distance(name, nearest) <= 3 ? ` (did you mean ${nearest}?)` : ` (known: ${configKeys.join(', ')})`;
};
