import type { CreateCandidate } from '../candidate.js';
import { ours } from './ours.js';

/** A start of our strategy, with a session of its own. */
const create: CreateCandidate = (origin) => {
  const { start } = ours(origin);
  return () => start({});
};

export default create;
