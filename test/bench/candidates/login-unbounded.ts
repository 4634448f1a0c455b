import { Pool } from 'undici';
import type { CreateCandidate } from '../candidate.js';
import { ours } from './ours.js';

/** The same with as many sockets as there are requests. */
const create: CreateCandidate = async (origin) => {
  const { start, login } = ours(origin, { dispatcher: new Pool(origin) });
  const session = {};
  await start(session);
  return () => login({ ...session });
};

export default create;
