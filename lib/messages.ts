import { FAILURES, isFailureCode, isPasswordlessError, PasswordlessError } from './errors.js';
import type { OptionRequest } from './options.js';
import type { FailureInfo, MfaRequiredInfo } from './outcome.js';
import type { RequestLike } from './request.js';
import type { Settings } from './settings.js';

/**
 * The same failure in the words of the option `messages`; what `verify` said of its own stays.
 *
 * @param code Of the failure, where `info` is what `verify` made of it.
 */
export function worded<T extends FailureInfo | MfaRequiredInfo>(
  { messages }: Settings,
  req: RequestLike,
  info: T,
  code = info.code,
): T {
  const isOfVerify = code === 'refused' && info.message !== FAILURES.refused[1];
  const message: unknown = isOfVerify ? undefined : messages?.(code, { req: req as OptionRequest, info });
  if (!message) return info;
  if (typeof message === 'string') return { ...info, message };
  throw new PasswordlessError(
    'configuration_error',
    'The option messages must return a string or undefined, and no promise.',
  );
}

/** The same for a failure that is thrown. */
export function wordedError(settings: Settings, req: RequestLike, error: unknown): unknown {
  if (!isPasswordlessError(error) || !isFailureCode(error.code)) return error;
  const { name, status, code, ...facts } = error;
  const { message } = worded(settings, req, { ...facts, code, message: error.message });
  return Object.assign(error, { message });
}
