import type { CreateCandidate } from '../candidate.js';
import { ours } from './ours.js';

/** A whole verification of a code by our strategy, with a session of its own. */
const create: CreateCandidate = async (origin) => {
  const { start, login } = ours(origin);
  const session = {};
  await start(session);
  return () => login({ ...session });
};

export default create;
