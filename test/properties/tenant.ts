import { type Response, bodyOf, idToken, type Sent } from '../support/hostile-auth0.js';

/** How Auth0 responds to a step other than it should. */
export const FAULTS = [
  'none',
  'none',
  'none',
  'mfa',
  'down',
  'html',
  'refuses',
  'other nonce',
  'forged',
  'no token',
] as const;
export type Fault = (typeof FAULTS)[number];

const json = (body: object, status = 200): Response => ({ status, body: JSON.stringify(body) });
const refusal = (error: string, description = '') => json({ error, error_description: description }, 403);

/** What codes begin with: so long that no sealed text holds it by chance. */
export const CODE = '9090909090';

/**
 * An Auth0 whose codes, states and mfa_tokens are valid once, and for one user. The local tenant cannot replace it: each
 * run needs a new one, and it never issues the ID tokens that a test of `forged` and `other nonce` needs.
 */
export function createTenant() {
  const codes = new Map<string, string>();
  const links = new Map<string, { to: string; nonce: string }>();
  const seconds = new Map<string, string>();
  let made = 0;
  const make = (what: string) => `${what}${(made += 1)}x`;
  const tenant = { fault: 'none' as Fault, codes, links, seconds, answer };

  function answer(sent: Sent): Response {
    const body = bodyOf(sent) as Record<string, string>;
    switch (tenant.fault) {
      case 'down':
        return { refused: new Error('down') };
      case 'html':
        return { status: 502, body: '<html>' };
      case 'refuses':
        return refusal('access_denied', 'not today');
    }
    if (sent.path === '/passwordless/start') return start(body);
    if (sent.path === '/oauth/token') return exchange(body);
    if (sent.path === '/mfa/authenticators') {
      return json([{ id: 'sms|1', authenticator_type: 'oob', oob_channel: 'sms', active: true }]);
    }
    return json({ oob_code: make('oob'), binding_method: 'prompt', challenge_type: 'oob' });
  }

  function start(body: Record<string, string>): Response {
    const to = body.email ?? '';
    codes.set(to, `${CODE}${(made += 1)}`);
    const { state, nonce } = (body.authParams ?? {}) as { state?: string; nonce?: string };
    if (state && nonce) links.set(state, { to, nonce });
    return json({});
  }

  function exchange(body: Record<string, string>): Response {
    const { grant_type = '', username = '', otp = '', code = '', mfa_token = '' } = body;
    if (mfa_token) {
      const to = seconds.get(mfa_token);
      if (!to || Object.values(body).includes('000000')) return refusal('invalid_grant', 'Invalid otp_code.');
      seconds.delete(mfa_token);
      return signIn(to);
    }
    if (grant_type === 'authorization_code') {
      const link = links.get(code.replace('of-', ''));
      links.delete(code.replace('of-', ''));
      return link ? signIn(link.to, link.nonce) : refusal('invalid_grant', 'Invalid authorization code');
    }
    if (codes.get(username) !== otp) return refusal('invalid_grant', 'Wrong email or verification code.');
    codes.delete(username);
    return signIn(username);
  }

  function signIn(to: string, nonce?: string): Response {
    if (tenant.fault === 'mfa') {
      const mfa_token = make('mfatoken');
      seconds.set(mfa_token, to);
      return json({ error: 'mfa_required', mfa_token }, 403);
    }
    const claims = { sub: to, nonce: tenant.fault === 'other nonce' ? 'another' : nonce };
    const id_token = tenant.fault === 'forged' ? idToken(claims, {}, 'x'.repeat(32)) : idToken(claims);
    const tokens = { access_token: make('accesstoken'), token_type: 'Bearer', expires_in: 60 };
    return json(tenant.fault === 'no token' ? tokens : { ...tokens, id_token });
  }

  return tenant;
}
