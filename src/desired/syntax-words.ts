/** What the YAML parser reports, in our words and with what to write instead. */
import type { ErrorCode, YAMLError } from 'yaml';
import { error, type Finding } from './finding.js';
import { hideSecrets, replaceControls, shorten } from './hide-secrets.js';
import type { SourceText } from './source-text.js';

export const syntaxFinding = (source: SourceText, { code, pos, message }: YAMLError): Finding => {
  const start = firstWritten(source.text, pos[0]);
  const span = { start, end: Math.max(start, pos[1]) };
  const line = source.lineAt(source.placeAt(start).line);
  if (mergeConflict.test(line))
    return error('yaml-syntax', span, 'a merge conflict is not resolved', 'keep one side');
  const { wrong, instead } = wordsFor(code, message, line);
  return error('yaml-syntax', span, wrong ?? tidy(message), instead);
};

interface Words {
  /** Absent: the parser's own message says it. */
  readonly wrong?: string;
  readonly instead: string;
}

const wordsFor = (code: ErrorCode, message: string, line: string): Words => {
  const isNoPair = code === 'MULTILINE_IMPLICIT_KEY' || message.startsWith('Implicit map keys need');
  if (!isNoPair) return wordsByCode[code] ?? { instead: '' };
  return colonWithoutBlank.test(line)
    ? { wrong: 'a key and its value run together', instead: 'write a blank after the colon' }
    : {
        wrong: 'this line is no "key: value"',
        instead: 'write a colon and a blank after the key, and check the indentation',
      };
};

const wordsByCode: Partial<Record<ErrorCode, Words>> = {
  TAB_AS_INDENT: { wrong: 'a tab cannot indent', instead: 'indent with blanks' },
  BLOCK_AS_IMPLICIT_KEY: {
    wrong: 'a second key stands in the value',
    instead: 'quote a value that holds ": ", and check the indentation',
  },
  BAD_INDENT: { instead: 'align it with its neighbours' },
  BAD_SCALAR_START: { instead: 'quote the value' },
  BAD_DQ_ESCAPE: { instead: 'write \\\\ for a backslash, or use single quotes' },
  TAG_RESOLVE_FAILED: { instead: 'remove the tag' },
  RESOURCE_EXHAUSTION: { wrong: 'nested too deeply', instead: '' },
};

const mergeConflict = /^(?:<{7}|={7}|>{7})(?: |$)/;
const colonWithoutBlank = /^\s*[A-Za-z]+:[^\s/]/;

/** The parser names the start of the line when the indentation is wrong. */
const firstWritten = (text: string, offset: number): number => {
  let at = offset;
  while (text[at] === ' ') at += 1;
  return at;
};

/** The parser's message can repeat a piece of the text. */
const tidy = (message: string): string => {
  const shown = shorten(replaceControls(hideSecrets(message)), 160);
  return shown.charAt(0).toLowerCase() + shown.slice(1);
};
