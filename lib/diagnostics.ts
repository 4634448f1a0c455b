import { channel, tracingChannel } from 'node:diagnostics_channel';
import { type ErrorCode, isPasswordlessError, PasswordlessError } from './errors.js';
import type { MfaFactor, Outcome } from './outcome.js';

/**
 * One call to Auth0, as `tracingChannel('passport-auth0-passwordless:request')` tells it: on `start` what is asked, on
 * `asyncEnd` what came of it, on `error` that it failed. Never an address, a code, a token, or a text of Auth0's.
 */
export interface RequestMessage {
  method: string;
  /** The tenant's origin. */
  origin: string;
  /** The path, such as `/oauth/token`; of `/mfa/authenticators/{id}` without the id. */
  endpoint: string;
  /** Milliseconds. */
  duration?: number;
  /** The HTTP status, where there was an answer. */
  status?: number;
  /** `x-auth0-requestid`, by which Auth0's support finds the request. */
  requestId?: string;
  /** What the call failed with; the `error` of the same message has no more than this and its message. */
  code?: ErrorCode;
}

/** One request to a route, as `channel('passport-auth0-passwordless:outcome')` tells it, before Passport answers. */
export interface OutcomeMessage {
  /** The strategy's name. */
  strategy: string;
  action: string;
  outcome: Outcome['action'] | 'error';
  /** Milliseconds. */
  duration: number;
  /** Of a failure or an error; of a redirect to the second factor `mfa_required`. None for errors of the app's own functions. */
  code?: ErrorCode;
  /** The HTTP status of a failure or an error. */
  status?: number;
  /** Of a success: how the first factor was proved, and on which connection. */
  method?: 'code' | 'link';
  connection?: string;
  /** Of a success: the second factor. */
  factor?: MfaFactor;
  /** Of a success: that the user was signed in before. */
  stepUp?: true;
}

const requests = tracingChannel<unknown, RequestMessage>('passport-auth0-passwordless:request');
const outcomes = channel('passport-auth0-passwordless:outcome');

/** Publishes a call, which notes on the message what it learns. */
export async function traced<T>(message: RequestMessage, call: () => Promise<T>): Promise<T> {
  if (!requests.hasSubscribers) return call();
  const began = performance.now();
  let ended!: Promise<T>;
  // What this promise came to would stand on the message: so it has neither the answer nor the whole of an error.
  const published = async () => {
    ended = call();
    const [result] = await Promise.allSettled([ended]);
    message.duration = performance.now() - began;
    if (result.status === 'fulfilled') return;
    const error: unknown = result.reason;
    if (!isPasswordlessError(error)) throw new Error('The call failed.');
    message.code = error.code;
    throw new PasswordlessError(error.code);
  };
  await requests.tracePromise(published, message).catch(() => undefined);
  return ended;
}

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
