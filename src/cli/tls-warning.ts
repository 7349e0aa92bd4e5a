/** What is said of Node's switch against the verifying of certificates. */
import * as O from 'fp-ts/lib/Option.js';
import type { Endpoint } from '../catapult/endpoint.js';
import type { LogLine } from '../render/log.js';
import type { Environment } from './config.js';

export const unverifiedTls = 'NODE_TLS_REJECT_UNAUTHORIZED';

/**
 * Said once by every command that makes calls. The client verifies whatever the environment says, so that the
 * variable, which is often set for other programs, does no harm; but whoever relies on it should know.
 */
export const tlsWarning = (endpoint: Endpoint, env: Environment): O.Option<LogLine> =>
  env[unverifiedTls] === '0' && endpoint.startsWith('https:')
    ? O.some({
        level: 'warn',
        event: 'hint',
        message: `${unverifiedTls}=0 is passed over: certificates are always verified; name an authority of your own in NODE_EXTRA_CA_CERTS`,
        fields: {},
      })
    : O.none;
