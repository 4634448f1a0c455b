/**
 * What a login costs, beside the least that it can cost and beside the other libraries. docs/performance.md says how it is
 * measured; this runs all of it, or the parts that are named:
 *
 *     npm run bench                    # all, in about eight minutes on a machine that has nothing else to do
 *     npm run bench -- verify peers    # some parts
 *     npm run bench -- --write         # all, and the figures go into docs/
 *     npm run bench -- --smoke         # few logins, each candidate once: only what is counted is worth a look then
 *
 * What misses its goal is in bold. The run fails where something that is counted misses it: the load of a machine changes
 * times, not counts.
 */
import { type Bench, withBench } from './bench.js';
import { CANDIDATES } from './candidates.js';
import { write, report } from './page.js';
import { growth } from './parts/growth.js';
import { installed } from './parts/installed.js';
import { flatness, type Line, parallelism } from './parts/parallelism.js';
import { requests } from './parts/requests.js';
import { sockets } from './parts/sockets.js';
import { start } from './parts/start.js';
import { noise, peers, verify } from './parts/verify.js';
import { installPeers } from './peers.js';
import { FULL, SMOKE } from './plan.js';
import type { Row } from './rows.js';

let lines: Line[] = [];

/** In the order of the table. */
const parts: Record<string, (bench: Bench) => Row[] | Promise<Row[]>> = {
  verify,
  peers,
  noise,
  start,
  requests,
  sockets,
  growth,
  async parallelism(bench) {
    lines = await parallelism(bench, Object.values(CANDIDATES));
    return lines.slice(1, 2).map(flatness);
  },
  installed: ({ plan }) => installed(plan),
};

/** Left out of a smoke run: `start` compares in the same way, and `parallelism` has every candidate. */
const NOT_IN_SMOKE = ['verify', 'peers', 'noise'];

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const wrong = [
  ...named.filter((name) => !(name in parts)),
  ...options.filter((option) => !['--write', '--smoke'].includes(option)),
];
if (wrong.length > 0)
  throw new Error(`No part or option: ${wrong.join(', ')}. Parts: ${Object.keys(parts).join(', ')}.`);
const isSmoke = options.includes('--smoke');
const mayWrite = named.length === 0 && !isSmoke;
if (options.includes('--write') && !mayWrite) throw new Error('--write is for all parts, each in full.');

installPeers();
const began = performance.now();
const rows = await withBench(isSmoke ? SMOKE : FULL, async (bench) => {
  const all: Row[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (named.length > 0 ? !named.includes(name) : isSmoke && NOT_IN_SMOKE.includes(name)) continue;
    console.error(`${name} … (${Math.round((performance.now() - began) / 1000)} s so far)`);
    all.push(...(await measure(bench)));
  }
  return all;
});

console.log(report(rows, lines));
if (options.includes('--write')) await write(rows, lines);
if (rows.some(({ isCount, isMet }) => isCount && isMet === false)) {
  console.error('\nWhat was counted is not as it has to be.');
  process.exitCode = 1;
}
