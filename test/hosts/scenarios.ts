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

/** The same list for every host. */
export function testHost(host: Host): void {
  describe(host.name, () => {
    loginScenarios(host);
    mfaScenarios(host);
    stepUpScenarios(host);
    factorScenarios(host);
    clientHeldScenarios(host);
    otherWays(host);
    failureScenarios(host);
    errorScenarios(host);
    oddRequestScenarios(host);
    missingMiddlewareScenarios(host);
  });
}
