import { expect, test } from 'vitest';
import { ensureRoomForMfa, renewSession } from '../../lib/transaction/session-store.js';
import { passwordlessErrorFrom } from '../support/errors.js';

type Callback = (error?: Error) => void;

/** A session as express-session has it: `regenerate` puts a fresh one on the request. */
function requestWith(members: object, error?: Error) {
  const req: { headers: object; session: object } = { headers: {}, session: {} };
  const fresh = {
    id: 'fresh',
    cookie: 'fresh',
    save: (done: Callback) => {
      done();
    },
  };
  const regenerate = (done: Callback) => {
    if (!error) req.session = fresh;
    done(error);
  };
  req.session = { id: 'old', cookie: 'old', save: fresh.save, regenerate, ...members };
  return req as { headers: Record<string, string>; session: object };
}

test('the other members of a session move into the new one, and nothing of the new one is lost', async () => {
  const req = requestWith({ cart: ['a'], messages: [] });
  await renewSession(req);
  expect(req.session).toMatchObject({ id: 'fresh', cookie: 'fresh', cart: ['a'], messages: [] });
});

test('a session that cannot be regenerated stays as it is', async () => {
  const session = {
    save: (done: Callback) => {
      done();
    },
    cart: ['a'],
  };
  const req = { headers: {}, session };
  await renewSession(req);
  expect(req.session).toBe(session);
});

test.each([
  ['without save, as cookie-session', {}],
  ['with what Passport needs put on a cookie-session', { save: () => {}, isPopulated: true }],
  ['without a key of its own, as koa-session', { save: () => {}, externalKey: undefined }],
])('a session that lives in a cookie (%s) is refused, with the remedy', async (_name, session) => {
  const error = await passwordlessErrorFrom(() => {
    ensureRoomForMfa({ headers: {}, session });
  });
  expect(error).toMatchObject({
    code: 'configuration_error',
    message: expect.stringMatching(/cookie.*on the server/) as string,
  });
});

test('an error of the session library is passed on', async () => {
  const error = new Error('no store');
  await expect(renewSession(requestWith({}, error))).rejects.toBe(error);
});

test('a session that cannot be regenerated, or none, is no error', async () => {
  await expect(renewSession({ headers: {}, session: {} })).resolves.toBeUndefined();
  await expect(renewSession({ headers: {} })).resolves.toBeUndefined();
});
