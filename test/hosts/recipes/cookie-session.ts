import type { Handler } from 'express';

/** Goes between cookie-session and Passport, which calls these two. What is in the session is written with the answer. */
export const forPassport: Handler = (req, _res, next) => {
  const session = req.session as unknown as Record<string, unknown>;
  const save = (done: () => void) => {
    done();
  };
  const regenerate = (done: () => void) => {
    for (const name of Object.keys(session)) Reflect.deleteProperty(session, name);
    done();
  };
  Object.defineProperties(session, { save: { value: save }, regenerate: { value: regenerate } });
  next();
};
