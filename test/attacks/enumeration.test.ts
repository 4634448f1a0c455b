// SECURITY.md: start reveals who has an account.
import session from 'express-session';
import type { Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { setUp } from '../support/app.js';

/** Equally long, because the length of a sealed string depends on that of its content. */
const KNOWN = 'known@example.com';
const OTHER = 'other@example.com';

/** A store that records each write of a session, with the length of a sealed string in its place. */
class Notes extends session.MemoryStore {
  readonly writes: string[] = [];

  override set(sid: string, data: session.SessionData, callback?: (error?: unknown) => void) {
    this.writes.push(anonymous(JSON.stringify(data)));
    super.set(sid, data, callback);
  }
}

const anonymous = (text: string) =>
  text
    .replace(/eyJ[\w.-]+/g, (sealed) => `sealed:${sealed.length}`)
    .replace(/127\.0\.0\.1:\d+/g, 'host')
    .replace(/"retryAfter":\d+/g, 'soon')
    .replace(/\d{10}/g, 'time')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'date');

/** A response without all that differs by chance, or with the address itself. */
const shape = ({ status, headers, body }: Response) => ({
  status,
  body: anonymous(JSON.stringify(body)).replace(/[ko](?=•)/g, '*'),
  headers: Object.entries(headers as Record<string, unknown>).map(([name, value]) => [
    name,
    anonymous(String(value)).replace(/sid=[^;]+|Expires=[^;]+|W\/"[^"]+"|\w{3}, .* GMT/g, '*'),
  ]),
});

/** All that a stranger sees of two starts for an address, of a resend, and of the page for the code. */
async function seen(address: string, tenant: object, resendCooldown: number, isDenied: boolean) {
  const store = new Notes();
  const app = await setUp({ tenant, store, strategy: { resendCooldown } });
  const denial = { error: 'extensibility_error', error_description: 'Not from this domain.' };
  if (isDenied) {
    app.tenant.fault({ path: '/passwordless/start', times: Infinity, respond: { status: 400, body: denial } });
  }
  const agent = app.browser();
  const answers = [
    await agent.post('/start').send({ email: address }),
    await agent.post('/start').send({ email: address }),
    await agent.post('/resend'),
    await agent.get('/pending'),
    await agent.post('/code').send({ otp: '000000' }),
  ];
  return {
    answers: answers.map(shape),
    writes: store.writes,
    statuses: app.sent('/passwordless/start').map(({ status }) => status),
  };
}

describe.each([0, 30])('with a cooldown of %i seconds', (cooldown) => {
  test.each<[string, object, number, boolean?]>([
    ['without an account, where sign-ups are disabled', { users: [{ email: KNOWN }], disableSignup: true }, 400],
    ['that is blocked', { users: [{ email: KNOWN }, { email: OTHER, blocked: true }] }, 401],
    ['whose registration an Action denies', {}, 400, true],
  ])(
    'a start for an address %s looks like one for a known address, in its response and in the session store',
    async (_whose, tenant, refusal, isDenied = false) => {
      const known = await seen(KNOWN, tenant, cooldown, false);
      const other = await seen(OTHER, tenant, cooldown, isDenied);
      expect(known.statuses[0]).toBe(200);
      expect(other.statuses[0], 'Auth0 told them apart').toBe(refusal);
      expect(other.answers).toEqual(known.answers);
      expect(other.writes).toEqual(known.writes);
      expect(known.writes.length).toBeGreaterThan(0);
    },
  );
});

test('what a client holds is equally long for an address that Auth0 refuses, whatever the lengths', async () => {
  const connection = { database: 'users' };
  for (let length = 1; length <= 300; length += 23) {
    const email = `${'a'.repeat(length)}@example.com`;
    const lengths = [];
    for (const users of [[{ email, connection: 'users' }], []]) {
      const { browser } = await setUp({
        tenant: { connections: [{ name: 'users', strategy: 'auth0', otp: true }], users },
        strategy: { store: 'client' },
        route: { connection, appState: { padding: 'b'.repeat(3 * length) } },
      });
      const { body } = await browser().post('/start').send({ email });
      lengths.push((body as { pending: { transaction: string } }).pending.transaction.length);
    }
    expect(lengths[0], `an address of ${length}`).toBe(lengths[1]);
  }
});

test('verify tells a user with the right code that the account is blocked, as SECURITY.md says', async () => {
  const { browser, code, tenant } = await setUp({ tenant: { users: [{ email: KNOWN }] } });
  const agent = browser();
  await agent.post('/start').send({ email: KNOWN });
  tenant.fault({
    path: '/oauth/token',
    respond: { status: 401, body: { error: 'unauthorized', error_description: 'user is blocked' } },
  });
  expect((await agent.post('/code').send({ otp: code(KNOWN) })).body).toMatchObject({ code: 'user_blocked' });
});
