import type { Bench } from '../bench.js';
import { CANDIDATES } from '../candidates.js';
import { PARALLEL } from '../compare.js';
import type { Row } from '../rows.js';
import { median } from '../statistics.js';

/** What many verifications in one process leave behind, and whether the last ones cost more than the first. */
export function growth(bench: Bench): Promise<Row[]> {
  const { warmUp, block, verifications } = bench.plan;
  return bench.withClient([CANDIDATES.ours.file], async (client) => {
    const run = async (logins: number) => (await client.block({ candidate: 0, logins, parallel: PARALLEL })).cpu;
    const first = await run(block);
    await run(warmUp);
    const before = await client.heap();
    const blocks: number[] = [];
    while (blocks.length * block < verifications) blocks.push(await run(block));
    const megabytes = ((await client.heap()) - before) / 1e6;

    const tenth = Math.ceil(blocks.length / 10);
    const [early, late] = [median(blocks.slice(0, tenth)), median(blocks.slice(-tenth))];
    const counted = verifications.toLocaleString('en');
    return [
      {
        what: `growth of the heap over ${counted} verifications`,
        goal: 'under 1 MB',
        measured: `${megabytes.toFixed(2)} MB`,
        isMet: megabytes < 1,
      },
      {
        what: `CPU of the last tenth of ${counted} verifications / the first tenth`,
        goal: 'flat',
        measured: `${(late / early).toFixed(2)} (the first ${block.toLocaleString('en')} of a process: ${(first / early).toFixed(1)})`,
        isMet: late / early < 1.1,
      },
    ];
  });
}
