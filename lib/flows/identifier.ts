import type { Identifier } from '../auth0/endpoints.js';
import type { FailureCode } from '../errors.js';
import type { FieldNames } from '../options.js';
import { type RequestLike, typedText } from '../request.js';

const MAX_LENGTH = 320;

// One @, a domain of two labels or more, and nothing that belongs to a list of addresses.
const EMAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)+$/;

/** ITU-T E.164: a plus sign and up to 15 digits. */
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
const PHONE_PUNCTUATION = /[\s().[\]\u2010-\u2015-]/g;

/** The one address that the body holds, in the form in which it is sent, sealed and compared. */
export function readIdentifier({ body }: RequestLike, fields: FieldNames): Identifier | FailureCode {
  const email = typedText(body, fields.email, MAX_LENGTH);
  if (email === undefined) return 'invalid_email';
  const phoneNumber = typedText(body, fields.phoneNumber, MAX_LENGTH);
  if (phoneNumber === undefined) return 'invalid_phone_number';

  // A form with both fields sends the one that was left empty, too.
  if (Boolean(email) === Boolean(phoneNumber)) return 'identifier_missing';
  if (email) return EMAIL.test(email) ? { email: email.toLowerCase() } : 'invalid_email';
  const digits = phoneNumber.replace(PHONE_PUNCTUATION, '');
  return PHONE_NUMBER.test(digits) ? { phone_number: digits } : 'invalid_phone_number';
}
