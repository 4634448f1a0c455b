import type { CreateCandidate } from '../candidate.js';
import { ours } from './ours.js';

/** The same after `warmUp()`. */
const create: CreateCandidate = async (origin) => {
  const { strategy, start, login } = ours(origin);
  const session = {};
  await start(session);
  await strategy.auth0.warmUp();
  return () => login({ ...session });
};

export default create;
