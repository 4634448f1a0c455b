import type { Identifier } from '../auth0/endpoints.js';
import type { FailureCode } from '../errors.js';
import type { FieldNames } from '../options.js';
import { bodyOf, type RequestLike } from '../request.js';
import { readTypedText } from '../typed-text.js';

const MAX_LENGTH = 320;

// One @, a domain of two labels or more, and nothing that belongs to a list of addresses.
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)+$/;
const SYNTAX = /[\s@<>()[\]\\,;:".]/;

/** ITU-T E.164: a plus sign and up to 15 digits. No number that can be called has fewer than 7. */
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
const PHONE_PUNCTUATION = /[\s().[\]\p{Pd}\u2212]/gu;
/** The zero for calls within the country, which is not dialled after the country code: `+44 (0)20 7946 0000`. */
const TRUNK_ZERO = /^(\+\d{1,3}[\s.\p{Pd}\u2212]*)[([]\s*0\s*[)\]]/u;

/**
 * Returns the email address or phone number of a start's body as Auth0 receives it, or undefined if the start would refuse
 * it. Use it as the key of a rate limiter, which then counts all spellings of an address as one.
 *
 * @param body The parsed body: `req.body`, or `ctx.request.body` in Koa.
 * @param fields The names of its fields, if the strategy's option `fields` changes them. Default: `email` and `phone_number`.
 */
export function normalizeIdentifier(
  body: unknown,
  { email = 'email', phoneNumber = 'phone_number' }: { email?: string; phoneNumber?: string } = {},
): string | undefined {
  const identifier = identifierIn(body, { email, phoneNumber });
  if (typeof identifier === 'string') return undefined;
  return 'email' in identifier ? identifier.email : identifier.phone_number;
}

/** The one identifier of the body, as it is sent, sealed and compared. */
export function readIdentifier(req: RequestLike, fields: FieldNames): Identifier | FailureCode {
  return identifierIn(bodyOf(req), fields);
}

function identifierIn(body: unknown, fields: Pick<FieldNames, 'email' | 'phoneNumber'>): Identifier | FailureCode {
  const email = readEmail(body, fields.email);
  const phoneNumber = readPhoneNumber(body, fields.phoneNumber);
  if (email === undefined) return 'invalid_email';
  if (phoneNumber === undefined) return 'invalid_phone_number';
  // A form with both fields sends the empty one, too.
  if (email && !phoneNumber) return { email };
  return phoneNumber && !email ? { phone_number: phoneNumber } : 'identifier_missing';
}

/** Reads an email address: `''` if there is none, undefined if it is not one. */
export function readEmail(source: unknown, name: string): string | undefined {
  const email = readTypedText(source, name, MAX_LENGTH);
  if (!email) return email;
  return EMAIL.test(email) && !Array.from(email).some(isHiddenSyntax) ? email.toLowerCase() : undefined;
}

/** Prevents mail to another address: a full-width @ or comma is syntax to a mail system that normalizes it (NFKC). */
function isHiddenSyntax(character: string): boolean {
  return !SYNTAX.test(character) && SYNTAX.test(character.normalize('NFKC'));
}

/** Reads a phone number: `''` if there is none, undefined if it is not one. */
export function readPhoneNumber(source: unknown, name: string): string | undefined {
  const typed = readTypedText(source, name, MAX_LENGTH)?.normalize('NFKC');
  const digits = typed?.replace(TRUNK_ZERO, '$1').replace(PHONE_PUNCTUATION, '');
  return !digits || PHONE_NUMBER.test(digits) ? digits : undefined;
}
