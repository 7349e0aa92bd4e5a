/**
 * Keeps credentials out of everything that is shown: an answer, or a proxy on the way, may echo the header or
 * the body it was sent, and escape it for JSON, HTML or a URL, also twice, also in part.
 *
 * The text is therefore searched as it is, and again after each of `mostLayers` rounds of undoing escapes. Words
 * with enough letters and digits are recognised by these alone, in whatever case: signs and blanks are what gets
 * lost or replaced. What is found is hidden in the text itself.
 *
 * Laws: no word of at least `shortestSecret` characters is left in a scrubbed text; the time grows with the
 * length of the text and not faster.
 */

/** Removes secrets from a text. */
export type Scrub = (text: string) => string;

/** Shorter words are part of ordinary text; to remove them would hide nothing and spoil every message. */
const shortestSecret = 4;

/** Fewer letters and digits could stand anywhere by chance. */
const shortestCore = 8;

const mostLayers = 4;

export const makeScrub = (words: readonly string[]): Scrub => {
  let prepared: Sought | undefined;
  return (text) => {
    // Not before it is needed: most calls have nothing to hide.
    prepared ??= soughtFor(words);
    const { whole, cores } = prepared;
    const found = layersOf(text).flatMap((layer) => [
      ...find(folded(layer), whole),
      ...find(coreOf(layer), cores),
    ]);
    return hide(text, found);
  };
};

interface Sought {
  readonly whole: readonly string[];
  readonly cores: readonly string[];
}

const soughtFor = (words: readonly string[]): Sought => {
  const layers = words.filter((word) => word.length >= shortestSecret).flatMap(layersOf);
  return {
    whole: unique(
      layers.map((layer) => folded(layer).text),
      shortestSecret,
    ),
    cores: unique(
      layers.map((layer) => coreOf(layer).text),
      shortestCore,
    ),
  };
};

const unique = (words: readonly string[], shortest: number): readonly string[] =>
  [...new Set(words)].filter((word) => word.length >= shortest);

/** A text made of another one, and where in that one each of its characters comes from. */
interface Layer {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const find = ({ text, starts, ends }: Layer, words: readonly string[]): readonly Range[] =>
  words.flatMap((word) => {
    const ranges: Range[] = [];
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length))
      ranges.push({ start: starts[at] ?? 0, end: ends[at + word.length - 1] ?? 0 });
    return ranges;
  });

const hide = (text: string, found: readonly Range[]): string => {
  let shown = '';
  let done = 0;
  for (const { start, end } of found.toSorted((left, right) => left.start - right.start)) {
    if (end <= done) continue;
    if (start >= done) shown += `${text.slice(done, start)}***`;
    done = end;
  }
  return shown + text.slice(done);
};

/** The text as it is, and with one escape after the other undone, until nothing changes. */
const layersOf = (text: string): readonly Layer[] => {
  const positions = Array.from({ length: text.length }, (_, at) => at);
  const layers: Layer[] = [{ text, starts: positions, ends: positions.map((at) => at + 1) }];
  for (let last = layers[0]; last !== undefined && layers.length <= mostLayers; last = layers.at(-1)) {
    const next = unescape(last);
    if (next.text === last.text) break;
    layers.push(next);
  }
  return layers;
};

const escape =
  /\\u([0-9a-f]{4})|\\(["'\\/])|((?:%[89a-f][0-9a-f])+)|%([0-7][0-9a-f])|&#([0-9]{1,7});|&#x([0-9a-f]{1,6});|&(amp|lt|gt|quot|apos);/gi;

const unescape = (layer: Layer): Layer =>
  rebuild(layer, (add) => {
    let done = 0;
    for (const match of layer.text.matchAll(escape)) {
      for (; done < match.index; done += 1) add(layer.text[done] ?? '', done, done);
      done = match.index + match[0].length;
      for (const unit of meaningOf(match).split('')) add(unit, match.index, done - 1);
    }
    for (; done < layer.text.length; done += 1) add(layer.text[done] ?? '', done, done);
  });

const meaningOf = ([, unit, sign, bytes, ascii, decimal, hex, name]: readonly (
  | string
  | undefined
)[]): string => {
  if (sign !== undefined) return sign;
  if (bytes !== undefined) {
    const values = bytes.split('%').slice(1);
    return new TextDecoder().decode(Uint8Array.from(values, (value) => Number.parseInt(value, 16)));
  }
  if (name !== undefined) return named[name.toLowerCase()] ?? '';
  const code = decimal === undefined ? Number.parseInt(unit ?? ascii ?? hex ?? '', 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
};

const named: Readonly<Partial<Record<string, string>>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** In small letters, every blank one of a kind; a form writes it as a plus. */
const folded = (layer: Layer): Layer => {
  const text = layer.text.toLowerCase().replace(/[\s+]/g, ' ');
  return text.length === layer.text.length ? { ...layer, text } : layer;
};

/** Letters and digits alone, in small letters. */
const coreOf = (layer: Layer): Layer =>
  rebuild(layer, (add) => {
    for (const { 0: run, index } of layer.text.matchAll(/[\p{L}\p{N}]+/gu)) {
      const lower = run.toLowerCase();
      const units = lower.length === run.length ? lower : run;
      for (let at = 0; at < units.length; at += 1) add(units[at] ?? '', index + at, index + at);
    }
  });

/** `add`: a character that stands for those from `first` to `last` of the layer. */
const rebuild = (
  { starts, ends }: Layer,
  build: (add: (unit: string, first: number, last: number) => void) => void,
): Layer => {
  const units: string[] = [];
  const newStarts: number[] = [];
  const newEnds: number[] = [];
  build((unit, first, last) => {
    units.push(unit);
    newStarts.push(starts[first] ?? 0);
    newEnds.push(ends[last] ?? 0);
  });
  return { text: units.join(''), starts: newStarts, ends: newEnds };
};
