import { expect, test } from 'vitest';
import { renewSession } from '../../lib/transaction/session-store.js';

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
  await renewSession(req, true);
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
  await renewSession(req, true);
  expect(req.session).toBe(session);
});

test.each([
  ['without save, as cookie-session', {}],
  ['with what Passport needs put on a cookie-session', { save: () => {}, isPopulated: true }],
  ['without a key of its own, as koa-session', { save: () => {}, externalKey: undefined }],
])('a session that lives in a cookie (%s) is refused, with the remedy', async (_name, session) => {
  const renewal = renewSession({ headers: {}, session }, true);
  await expect(renewal).rejects.toMatchObject({
    code: 'configuration_error',
    message: expect.stringMatching(/cookie.*on the server/) as string,
  });
});

test('an error of the session library is passed on', async () => {
  const error = new Error('no store');
  await expect(renewSession(requestWith({}, error), true)).rejects.toBe(error);
});

test('a session in a cookie, or none, will do where it does not hold the second factor', async () => {
  await expect(renewSession({ headers: {}, session: {} }, false)).resolves.toBeUndefined();
  await expect(renewSession({ headers: {} }, false)).resolves.toBeUndefined();
});

test('the session gets a new id where a store of the app holds the second factor, too', async () => {
  const req = requestWith({ cart: ['a'] });
  await renewSession(req, false);
  expect(req.session).toMatchObject({ id: 'fresh', cart: ['a'] });
});
