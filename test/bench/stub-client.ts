/** The application that the stub knows, and who signs in to it. */
export const CLIENT_ID = 'bench-client';
export const CLIENT_SECRET = 'a client secret of the benchmark, of a length such as Auth0 makes them';
export const EMAIL = 'ada@example.com';
/** In the ID tokens of authorization codes. */
export const NONCE = 'a-nonce';
