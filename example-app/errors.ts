import { isPasswordlessError, type PasswordlessError } from 'passport-auth0-passwordless';
import type { Config } from './config.js';
import { InvalidCsrfToken } from './csrf.js';
import { errorView, type Problem } from './views/error.js';
import type { Page } from './views/layout.js';

export const notFoundPage = errorView({
  title: 'Page not found',
  text: 'There is nothing at this address.',
  retry: '/',
});

/**
 * The page for what a user cannot mend, with its status. Details go to the log; on this machine, the page tells what to do
 * about the set-up, too.
 */
export function errorPage(
  error: unknown,
  { method, path }: { method: string; path: string },
  { baseURL }: Pick<Config, 'baseURL'>,
): { status: number; page: Page } {
  const status = statusOf(error);
  // Not the query: a callback's holds a code.
  if (status >= 500) console.error(`${method} ${path}:`, error);
  const isDevelopment = baseURL.startsWith('http:');
  const remedy = isDevelopment && isPasswordlessError(error) && error.code === 'configuration_error';
  const view = { ...describe(error), retry: retryOf(path, error), remedy: remedy ? error.message : undefined };
  return { status, page: errorView(view) };
}

/** What the user can mend, of what a call for a second step throws. It is told on the page that has the form. */
export function isForUser(error: unknown): error is PasswordlessError {
  return isPasswordlessError(error) && (error.status < 500 || error.code === 'delivery_failed');
}

function retryOf(path: string, error: unknown): string {
  if (path.startsWith('/login/mfa/')) return '/login/mfa';
  // What timed out may have been sent all the same, so that there is a code to type.
  const mayHaveCode = /^\/login\/(code|resend)$/.test(path) || (isPasswordlessError(error) && error.code === 'timeout');
  return mayHaveCode ? '/login/code' : '/login';
}

function statusOf(error: unknown): number {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function describe(error: unknown): Pick<Problem, 'title' | 'text' | 'failure'> {
  if (error instanceof InvalidCsrfToken) {
    return { title: 'This form is out of date', text: 'Open the page again and send the form once more.' };
  }
  // Where there is no form to tell it on.
  if (isForUser(error)) return { title: 'This did not work', failure: error };
  if (!isPasswordlessError(error)) {
    return statusOf(error) < 500
      ? { title: 'This request cannot be read', text: 'Open the page again and send the form once more.' }
      : { title: 'Something went wrong', text: 'The fault is ours, not yours. Try again in a moment.' };
  }
  switch (error.code) {
    case 'configuration_error':
      return {
        title: 'Sign-in is not set up',
        text: 'Trying again will not help: whoever runs this site has to fix it.',
      };
    case 'timeout':
      return {
        title: 'Sign-in is taking too long',
        text: 'The sign-in service did not answer in time. If a code reached you meanwhile, you can still use it.',
      };
    default:
      return {
        title: 'Sign-in is not available',
        text: 'The sign-in service cannot be reached, or does not answer as it should. Try again in a moment.',
      };
  }
}
