import { testSteps } from './suite.js';

testSteps([
  ...(['authenticator app', 'code by SMS', 'recovery code', 'poll of a push'] as const),
  ...(['mfa.list', 'mfa.challenge', 'mfa.enroll'] as const),
]);
