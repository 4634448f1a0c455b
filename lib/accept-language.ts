import type { RequestLike } from './request.js';

const MAX_ACCEPT_LANGUAGE = 1000;

/** A language range of RFC 4647, section 2.1, other than `*`. */
const TAG = /^[a-z]{1,8}(-[a-z\d]{1,8})*$/i;

/**
 * The language that a browser asks for first (RFC 9110, section 12.5.4), for the option `language`, or to translate
 * messages by; undefined where it asks for none.
 */
export function acceptLanguage({ headers }: RequestLike): string | undefined {
  const wanted = String(headers['accept-language'] ?? '')
    .slice(0, MAX_ACCEPT_LANGUAGE)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => TAG.test(tag) && quality > 0);
  // The first of those that are wanted equally.
  return wanted.sort((one, other) => other.quality - one.quality)[0]?.tag;
}
