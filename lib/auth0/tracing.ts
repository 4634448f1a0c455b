import { tracingChannel } from 'node:diagnostics_channel';
import { type ErrorCode, isPasswordlessError, PasswordlessError } from '../errors.js';

/**
 * One call to Auth0, as `tracingChannel('passport-auth0-passwordless:request')` tells it: on `start` what is asked, on
 * `asyncEnd` what came of it, on `error` that it failed. Never an address, a code, a token, or a text of Auth0's.
 */
export interface RequestMessage {
  /** The HTTP method. */
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

const requests = tracingChannel<unknown, RequestMessage>('passport-auth0-passwordless:request');

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
