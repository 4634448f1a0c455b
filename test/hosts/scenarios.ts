import { describe } from 'vitest';
import type { Host } from '../support/host.js';
import { clientHeldScenarios } from './scenarios/client-held.js';
import { errorScenarios } from './scenarios/errors.js';
import { factorScenarios } from './scenarios/factors.js';
import { failureScenarios } from './scenarios/failures.js';
import { loginScenarios } from './scenarios/login.js';
import { mfaScenarios } from './scenarios/mfa.js';
import { missingMiddlewareScenarios, oddRequestScenarios } from './scenarios/odd-requests.js';
import { stepUpScenarios } from './scenarios/step-up.js';
import { otherWays } from './scenarios/ways.js';

/** What a host cannot change is tested in full on this one alone. */
const REFERENCE = 'Express 5, express-session';

/** The same list for every host; smoke.test.ts has the first scenarios of all of them. */
export function testHost(host: Host): void {
  const isReference = host.name === REFERENCE;
  describe(host.name, () => {
    loginScenarios(host);
    mfaScenarios(host);
    stepUpScenarios(host);
    factorScenarios(host, isReference);
    clientHeldScenarios(host);
    otherWays(host);
    failureScenarios(host, isReference);
    errorScenarios(host, isReference);
    oddRequestScenarios(host);
    missingMiddlewareScenarios(host);
  });
}
