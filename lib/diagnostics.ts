import { channel } from 'node:diagnostics_channel';
import { type ErrorCode, isPasswordlessError } from './errors.js';
import type { MfaFactor, Outcome } from './outcome.js';

/** One request to a route, as `channel('passport-auth0-passwordless:outcome')` tells it, before Passport answers. */
export interface OutcomeMessage {
  /** The strategy's name. */
  strategy: string;
  /** What the route does: `'start'`, `'resend'` or `'verify'`. */
  action: string;
  /** Which of Passport's actions it ended in. */
  outcome: Outcome['action'] | 'error';
  /** Milliseconds. */
  duration: number;
  /** Of a failure or an error; of a redirect to the second factor `mfa_required`. None for errors of the app's own functions. */
  code?: ErrorCode;
  /** The HTTP status of a failure or an error. */
  status?: number;
  /** Of a success: how the first factor was proved. */
  method?: 'code' | 'link';
  /** Of a success: on which connection. */
  connection?: string;
  /** Of a success: the second factor. */
  factor?: MfaFactor;
  /** Of a success: that the user was signed in before. */
  stepUp?: true;
}

const outcomes = channel('passport-auth0-passwordless:outcome');

type Ended = Outcome | { action: 'error'; error: unknown };

/** Publishes what the request that begins now comes to: once, even if Passport's action throws then. */
export function outcomePublisher(strategy: string, action: string): (ended: Ended) => void {
  const began = performance.now();
  let isPublished = false;
  return (ended) => {
    if (isPublished || !outcomes.hasSubscribers) return;
    isPublished = true;
    const duration = performance.now() - began;
    outcomes.publish({ strategy, action, outcome: ended.action, duration, ...factsOf(ended) } satisfies OutcomeMessage);
  };
}

function factsOf(ended: Ended): Partial<OutcomeMessage> {
  switch (ended.action) {
    case 'success': {
      const { method, connection, stepUp, mfa } = ended.info;
      return {
        ...(method && { method }),
        ...(connection !== undefined && { connection }),
        ...(stepUp && { stepUp }),
        ...(mfa && { factor: mfa.factor }),
      };
    }
    case 'fail':
      return { code: ended.code, status: ended.status };
    case 'redirect':
      return ended.code ? { code: ended.code } : {};
    case 'error': {
      const { error } = ended;
      return isPasswordlessError(error) ? { code: error.code, status: error.status } : {};
    }
    case 'pass':
      return {};
  }
}
