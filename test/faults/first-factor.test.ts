import { testSteps } from './suite.js';

testSteps([
  'start',
  'resend',
  'code',
  'callback of a link',
  'signing keys',
  'userinfo',
  'start for a database connection',
]);
