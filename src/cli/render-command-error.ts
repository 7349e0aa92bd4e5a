/** The error of a command, as people read it. */
import type { Colors } from 'picocolors/types.js';
import { hideSecrets } from '../desired/hide-secrets.js';
import { ledgerErrorText } from '../render/ledger-error.js';
import { renderProblemsText } from '../render/problems.js';
import { safeText } from '../render/safe-text.js';
import type { CommandError } from './exit.js';

export const renderCommandError = (error: CommandError, colors: Colors): string => {
  switch (error._tag) {
    case 'Usage':
      return error.messages.map((message) => line(message, colors)).join('');
    case 'Invalid':
      return renderProblemsText(error.problems, colors);
    case 'State':
      return line(ledgerErrorText(error.error), colors);
    case 'Environment':
      return line(error.message, colors);
    case 'Stopped':
      return 'stopped while waiting for the state; nothing was sent\n';
  }
};

/** Messages may quote what somebody typed or pasted. */
const line = (message: string, colors: Colors): string =>
  `${colors.red('error')}: ${safeText(hideSecrets(message))}\n`;
