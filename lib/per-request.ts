import { PasswordlessError } from './errors.js';
import type { OptionRequest, PerRequest } from './options.js';
import type { RequestLike } from './request.js';
import { isText } from './values.js';

/** The scopes as one string; undefined where they are malformed or lack `openid`. */
export function scopeText(scope: unknown): string | undefined {
  const scopes = Array.isArray(scope) ? scope : typeof scope === 'string' ? scope.split(/\s+/) : [];
  return scopes.includes('openid') && scopes.every((value) => typeof value === 'string')
    ? scopes.join(' ').trim()
    : undefined;
}

/** BCP 47 tags as in `Accept-Language`; nothing that could end a header. */
const LANGUAGE = /^[A-Za-z0-9*][A-Za-z0-9,;=.*\- ]{0,99}$/;
export const LANGUAGE_REMEDY = "must be a language tag, such as 'fr-CA', or a function";

export function isLanguage(value: unknown): value is string {
  return typeof value === 'string' && LANGUAGE.test(value);
}

/** The value of an option that may be a function of the request. What such a function throws is the app's own error. */
export function resolve<T>(option: PerRequest<T>, req: RequestLike): T {
  return typeof option === 'function' ? (option as (req: OptionRequest) => T)(req as OptionRequest) : option;
}

/** The same, where text must come of it. */
export function resolveText(
  name: string,
  option: PerRequest<string | undefined>,
  req: RequestLike,
): string | undefined {
  const value: unknown = resolve(option, req);
  if (value === undefined || isText(value)) return value;
  throw new PasswordlessError('configuration_error', `The option ${name} must be, or return, a string or undefined.`);
}
