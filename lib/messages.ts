import { FAILURES, isFailureCode, isPasswordlessError } from './errors.js';
import type { OptionRequest } from './options.js';
import type { FailureInfo, MfaRequiredInfo } from './outcome.js';
import type { RequestLike } from './request.js';
import type { Settings } from './settings.js';

/** The same failure in the words of the option `messages`; what `verify` said of its own stays. */
export function worded<T extends FailureInfo | MfaRequiredInfo>({ messages }: Settings, req: RequestLike, info: T): T {
  const isOfVerify = info.code === 'refused' && info.message !== FAILURES.refused[1];
  const message = isOfVerify ? undefined : messages?.(info.code, { req: req as OptionRequest, info });
  return message ? { ...info, message } : info;
}

/** The same for a failure that is thrown. */
export function wordedError(settings: Settings, req: RequestLike, error: unknown): unknown {
  if (!isPasswordlessError(error) || !isFailureCode(error.code)) return error;
  const { name, status, code, ...facts } = error;
  const { message } = worded(settings, req, { ...facts, code, message: error.message });
  return Object.assign(error, { message });
}
