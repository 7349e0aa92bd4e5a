/** What the sandbox says of itself, as log lines. Pure. */
import type { SandboxEvent } from '../sandbox/sandbox.js';
import type { LogLine } from './log.js';

export const sandboxLine = (event: SandboxEvent): LogLine => {
  switch (event._tag) {
    case 'Served':
      return line(
        event,
        'info',
        `${event.method} ${event.path}  ${event.status} in ${Math.round(event.ms)} ms`,
      );
    case 'Unanswered':
      return line(event, 'warn', `${event.method} ${event.path}  no answer: fault ${event.fault}`);
    case 'CallbackDelivered':
      return line(
        event,
        'info',
        `callback ${event.eventType} of ${event.conference} to ${event.url}  ${event.status}`,
      );
    case 'CallbackFailed':
      return line(
        event,
        'warn',
        `callback ${event.eventType} of ${event.conference} to ${event.url}  ${event.problem}`,
      );
  }
};

const line = ({ _tag, ...fields }: SandboxEvent, level: LogLine['level'], message: string): LogLine => ({
  level,
  event: 'sandbox',
  message,
  fields: { kind: _tag, ...fields },
});
