import { safePath } from './safe-path.js';

export interface SignInForm {
  by: 'email' | 'phone';
  address: string;
  returnTo: string;
}

/** What the sign-in form was sent with, fit to be shown again. */
export function readSignInForm(body: unknown): SignInForm {
  const { email, phone_number, returnTo } = body as Record<string, unknown>;
  const address = phone_number ?? email;
  return {
    by: phone_number === undefined ? 'email' : 'phone',
    address: typeof address === 'string' ? address.slice(0, 320) : '',
    returnTo: safePath(returnTo),
  };
}
