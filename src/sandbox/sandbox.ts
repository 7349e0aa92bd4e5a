/** The sandbox's face: what it is told, what it offers, what it says. `server.ts` starts one. */
import type { Task } from 'fp-ts/lib/Task.js';
import type { Assumptions } from '../catapult/assumptions.js';
import type { ConferenceId } from '../conference/id.js';
import type { Body } from '../conference/settings.js';
import type { Faults } from './fault.js';
import type { Rate } from './rate-limit.js';

export interface SandboxConfig {
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Calls per second. */
  readonly rate: Rate;
  /** How long every answer is on its way. A call is executed before that. */
  readonly latencyMs: number;
  readonly faults: Faults;
  /** A whole number. The same seed and the same calls give the same faults and ids. */
  readonly seed: number;
  readonly assumptions: Assumptions;
  /** Epoch ms. */
  readonly now: () => number;
  readonly report: (event: SandboxEvent) => void;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly port: number;
  /**
   * Creates a conference under a given id, starting with these settings; `state: completed` makes one that has
   * ended. Does nothing when it exists, and calls nobody back. A setting the API would refuse is left out.
   */
  readonly ensure: (userId: string, id: ConferenceId, settings: Body) => void;
  /** Drops every connection and every callback that waits. Never fails; again does no harm. */
  readonly close: Task<void>;
}

export type SandboxError =
  | { readonly _tag: 'PortInUse'; readonly port: number }
  | { readonly _tag: 'PortForbidden'; readonly port: number }
  | { readonly _tag: 'CannotListen'; readonly port: number; readonly cause: Error };

/** What can be logged. Passwords in URLs are masked. */
export type SandboxEvent =
  | {
      readonly _tag: 'Served';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      readonly ms: number;
    }
  /** A fault took the answer. */
  | {
      readonly _tag: 'Unanswered';
      readonly method: string;
      readonly path: string;
      readonly fault: 'timeout' | 'reset' | 'lost';
      readonly ms: number;
    }
  | {
      readonly _tag: 'CallbackDelivered';
      readonly conference: string;
      readonly eventType: string;
      readonly url: string;
      readonly status: number;
    }
  /** One attempt failed; `fallbackUrl` may still follow. */
  | {
      readonly _tag: 'CallbackFailed';
      readonly conference: string;
      readonly eventType: string;
      readonly url: string;
      readonly problem: string;
    };
