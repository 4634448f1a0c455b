import type { Handler } from 'express';

/** For handlers that wait for something. Express 4 does not see them fail, and the process ends; Express 5 does. */
export const caught =
  (handler: (...args: Parameters<Handler>) => Promise<unknown>): Handler =>
  (req, res, next) => {
    handler(req, res, next).catch(next);
  };
