/** A log line at a terminal: time, event, sentence. */
import type { Colors } from 'picocolors/types.js';
import type { LogLine } from './log.js';
import { safeText } from './safe-text.js';

/** Ends with a line break. `time` is the local time of day. */
export const prettyLine = ({ level, event, message }: LogLine, time: string, colors: Colors): string =>
  `${colors.dim(time)}  ${paint(level, colors)(event.padEnd(8))}  ${safeText(message)}\n`;

const paint = (level: LogLine['level'], colors: Colors): ((text: string) => string) => {
  switch (level) {
    case 'info':
      return colors.cyan;
    case 'warn':
      return colors.yellow;
    case 'error':
      return colors.red;
  }
};
