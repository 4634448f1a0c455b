import { testStep } from './suite.js';
import { GROUPS, REPRESENTATIVE } from './table.js';

// The other steps: `code` has a file of its own, which `npm test` runs.

for (const [, [first, ...others]] of GROUPS) {
  if (first !== 'code') testStep(first);
  for (const step of others) testStep(step, REPRESENTATIVE);
}
