import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { createSeal } from '../../../lib/transaction/seal.js';
import type { CreateCandidate } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

/** The least that a start can be: one POST with the body that ours has, and the seal of a pending login such as ours keeps. */
const create: CreateCandidate = (origin) => {
  const pool = new Pool(origin);
  const seal = createSeal([CLIENT_SECRET], 'the floor of a start');

  return async () => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/passwordless/start',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        connection: 'email',
        email: EMAIL,
        send: 'code',
      }),
    });
    await body.json();
    if (statusCode !== 200) throw new Error(`/passwordless/start: ${statusCode}`);
    const sentAt = Math.floor(Date.now() / 1000);
    const transaction = {
      id: randomBytes(24).toString('base64url'),
      connection: 'email',
      identifier: { email: EMAIL },
      scope: 'openid profile email',
      sentAt,
      expiresAt: sentAt + 600,
      stage: 'code',
    };
    return seal.seal(JSON.stringify([transaction]));
  };
};

export default create;
