import type { Identifier } from '../auth0/endpoints.js';
import type { FailureCode } from '../errors.js';
import type { FieldNames } from '../options.js';
import { bodyOf, type RequestLike, typedText } from '../request.js';

const MAX_LENGTH = 320;

// One @, a domain of two labels or more, and nothing that belongs to a list of addresses.
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)+$/;

/** ITU-T E.164: a plus sign and up to 15 digits. None that can be called has less than 7. */
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
const PHONE_PUNCTUATION = /[\s().[\]\u2010-\u2015-]/g;
/** Phones put these around a number that is copied from their contacts. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The one address that the body holds, in the form in which it is sent, sealed and compared. */
export function readIdentifier(req: RequestLike, fields: FieldNames): Identifier | FailureCode {
  const body = bodyOf(req);
  const email = readEmail(body, fields.email);
  const phoneNumber = readPhoneNumber(body, fields.phoneNumber);
  if (email === undefined) return 'invalid_email';
  if (phoneNumber === undefined) return 'invalid_phone_number';
  // A form with both fields sends the one that was left empty, too.
  if (email && !phoneNumber) return { email };
  return phoneNumber && !email ? { phone_number: phoneNumber } : 'identifier_missing';
}

/** `''` where there is none, undefined for what is no address. */
export function readEmail(source: unknown, name: string): string | undefined {
  const email = typedText(source, name, MAX_LENGTH);
  return !email || EMAIL.test(email) ? email?.toLowerCase() : undefined;
}

/** `''` where there is none, undefined for what is no number. */
export function readPhoneNumber(source: unknown, name: string): string | undefined {
  const digits = typedText(source, name, MAX_LENGTH, DIRECTION_MARKS)?.replace(PHONE_PUNCTUATION, '');
  return !digits || PHONE_NUMBER.test(digits) ? digits : undefined;
}
