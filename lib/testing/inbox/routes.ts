import type { Endpoint } from '../routes.js';
import { guarded } from './action.js';
import { advanceClock, rotateKeys, setSkew } from './clock.js';
import { addFault, undoFault } from './faults.js';
import { inbox } from './page.js';
import { changePolicy } from './policy.js';
import { answerPush } from './pushes.js';
import { blockUser, removeUserFactor } from './users.js';

/** The page, and what its forms do: no part of Auth0's wire. */
export const INBOX_ROUTES: [string, Endpoint][] = [
  ['GET /inbox', guarded(inbox)],
  ['POST /inbox/push', answerPush],
  ['POST /inbox/user', blockUser],
  ['POST /inbox/factor', removeUserFactor],
  ['POST /inbox/policy', changePolicy],
  ['POST /inbox/fault', addFault],
  ['POST /inbox/undo', undoFault],
  ['POST /inbox/clock', advanceClock],
  ['POST /inbox/skew', setSkew],
  ['POST /inbox/keys', rotateKeys],
];
