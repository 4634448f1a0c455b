import type { Reply } from './http.js';

/** An error answer on Auth0's wire: `{ error, error_description }` with its status. */
export class OAuthError extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    readonly description: string,
    readonly extra: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(description);
  }

  reply(): Reply {
    const { status, headers, error, description, extra } = this;
    return { status, headers, body: { error, error_description: description, ...extra } };
  }
}

export const invalidRequest = (description: string) => new OAuthError(400, 'invalid_request', description);

export const userIsBlocked = () => new OAuthError(401, 'unauthorized', 'user is blocked');

/** Wrong secret and unknown client look the same. */
export const unauthorized = () => new OAuthError(401, 'access_denied', 'Unauthorized');

export const invalidClient = (description: string) => new OAuthError(401, 'invalid_client', description);

/** Runs a handler and turns what it throws into the answer Auth0 would give; nothing a client sends can end the process. */
export async function replyOf<T>(handler: () => T | Promise<T>): Promise<T | Reply> {
  try {
    return await handler();
  } catch (error) {
    if (error instanceof OAuthError) return error.reply();
    return new OAuthError(500, 'server_error', `The local tenant failed: ${String(error)}`).reply();
  }
}
