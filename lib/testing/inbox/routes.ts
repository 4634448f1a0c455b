import type { Endpoint } from '../routes.js';
import { guarded } from './action.js';
import { moveClock, rotateKeys, setSkew } from './clock.js';
import { removeUserFactor } from './factors.js';
import { addFault, undoFault } from './faults.js';
import { inbox } from './page.js';
import { changePolicy } from './policy.js';
import { answerPush } from './pushes.js';
import { blockUser, revokeRefreshTokens } from './users.js';

/** The page, and what its forms do: no part of Auth0's wire. */
export const INBOX_ROUTES: [string, Endpoint][] = [
  ['GET /inbox', guarded(inbox)],
  ['POST /inbox/push', answerPush],
  ['POST /inbox/user', blockUser],
  ['POST /inbox/revoke', revokeRefreshTokens],
  ['POST /inbox/factor', removeUserFactor],
  ['POST /inbox/policy', changePolicy],
  ['POST /inbox/fault', addFault],
  ['POST /inbox/undo', undoFault],
  ['POST /inbox/clock', moveClock],
  ['POST /inbox/skew', setSkew],
  ['POST /inbox/keys', rotateKeys],
];
