/** What is wrong with the state or keeps it busy, and what to do about it. */
import { maskPasswords } from '../conference/url.js';
import { silenceLimitMs } from '../ledger/lease.js';
import type { Holder, LedgerError } from '../ledger/store.js';
import { safeText } from './safe-text.js';

export const ledgerErrorText = (error: LedgerError): string => {
  const location = safeText(maskPasswords(error.location));
  switch (error._tag) {
    case 'Corrupt':
      return `the state ${location} cannot be read: ${safeText(error.detail)} (restore it from a backup, or move it away: then everything declared counts as new)`;
    case 'Unavailable':
      return `the state ${location} cannot be used now: ${safeText(error.detail)}`;
    case 'TooNew':
      return `the state ${location} was written by a newer holdfast (format ${safeText(error.version)}): update holdfast`;
    case 'Held':
      return `the state ${location} is held by ${holderText(error.holder)} (stop it first, or give --state another place)`;
    case 'LeaseLost':
      return `another holdfast has taken over the state ${location}, or the file was replaced: this one stops`;
    case 'OtherAccount':
      return `the state ${location} belongs to ${safeText(error.known)}, not to ${safeText(error.asked)} (give --state another place for this account)`;
  }
};

/** Who writes, since when. */
export const holderText = ({ pid, host, command, sinceMs }: Holder): string =>
  `holdfast ${safeText(command)}, process ${pid} on ${safeText(host)}, since ${new Date(sinceMs).toISOString()}`;

/** Said while it is not certain whether the holder lives. */
export const waitingForHolderText = ({ pid, host, command, sinceMs }: Holder): string =>
  `waiting up to ${silenceLimitMs / 1_000} s to see whether pid ${pid} on host ${safeText(host)} (${safeText(command)}, since ${new Date(sinceMs).toISOString()}) still lives`;
