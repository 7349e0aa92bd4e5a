/** The log, on standard error: pretty at a terminal, JSON lines otherwise. */
import * as O from 'fp-ts/lib/Option.js';
import { pino } from 'pino';
import type { LogLine } from '../render/log.js';
import { prettyLine } from '../render/log-pretty.js';
import type { CommonConfig } from './config.js';
import type { Context } from './context.js';

export type Log = (line: LogLine) => void;

export const makeLog = (config: Pick<CommonConfig, 'logFormat'>, context: Context): Log =>
  logFormatFor(config, context) === 'pretty' ? prettyLog(context) : jsonLog(context);

export const logFormatFor = (
  { logFormat }: Pick<CommonConfig, 'logFormat'>,
  { terminal }: Context,
): 'pretty' | 'json' => O.getOrElse(() => (terminal.errIsTerminal ? ('pretty' as const) : 'json'))(logFormat);

const prettyLog =
  ({ terminal, clock }: Context): Log =>
  (line) => {
    terminal.err(prettyLine(line, timeOfDay(clock.now()), terminal.errColors));
  };

const jsonLog = ({ terminal, clock }: Context): Log => {
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    { write: terminal.err },
  );
  return ({ level, event, message, fields }) => {
    logger[level]({ event, ...fields }, message);
  };
};

const timeOfDay = (nowMs: number): string => {
  const now = new Date(nowMs);
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
};
