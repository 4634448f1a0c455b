import { safePath } from './safe-path.js';

export interface SignInForm {
  by: 'email' | 'phone';
  address: string;
  returnTo: string;
}

/** What the sign-in form was sent with, fit to be shown again. */
export function readSignInForm(body: unknown): SignInForm {
  const { email, phone_number, returnTo } = body as Record<string, unknown>;
  return {
    by: phone_number === undefined ? 'email' : 'phone',
    address: typedAddress(phone_number ?? email),
    returnTo: safePath(returnTo),
  };
}

/** A body parser makes lists and objects of some forms, which are no text to show. */
export function typedAddress(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 320) : '';
}
