import { testSteps } from './suite.js';

testSteps(['refresh', 'revoke', 'factors.remove']);
