/**
 * Many logins at once through one Express process, and an Auth0 that stalls under them. Prints what was measured, and
 * fails where something is not as it has to be. With `--short` there are fewer logins, and speed is not judged.
 */
import { PARALLEL } from './browsers.js';
import { loadFigures, stallFigures } from './figures.js';
import { run } from './run.js';
import { print } from './table.js';

const isShort = process.argv.includes('--short');

// A timeout that no machine is too slow for: there, only what goes wrong may fail.
const load = await run({ warmUp: 1_000, logins: isShort ? 1_000 : 9_000, timeout: 60_000 });
const isLoadRight = print(`${PARALLEL} browsers at once`, loadFigures(load));

const stalled = await run({ warmUp: 1_000, logins: isShort ? 1_000 : 9_000, timeout: 3_000, stall: 5_000 });
const isStallRight = print(
  'The tenant stalls under that load, for longer than a call may take',
  stallFigures(stalled, !isShort),
);

if (!isLoadRight || !isStallRight) {
  console.error('\nWhat is in bold is not as it has to be.');
  process.exitCode = 1;
}
