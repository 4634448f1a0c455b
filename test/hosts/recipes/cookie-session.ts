import type { Handler } from 'express';

/** Goes between cookie-session and Passport, which calls these two; there is nothing for them to wait for. */
export const forPassport: Handler = (req, _res, next) => {
  const value = (done: () => void) => {
    done();
  };
  Object.defineProperties(req.session, { regenerate: { value }, save: { value } });
  next();
};
