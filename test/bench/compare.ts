import type { Bench } from './bench.js';
import { type Summary, summarize } from './statistics.js';

export interface Comparison {
  /** Ratios of one to the other. */
  cpu: Summary;
  p99: Summary;
  /** Microseconds of CPU for one login of each. */
  each: [number, number];
}

/** How many logins are under way at once, where nothing else is said. */
export const PARALLEL = 64;

/**
 * Two candidates in one process, in blocks that follow each other as A B B A A B B A …: what slows the machine down slows
 * both. Every two blocks make a ratio, of which the median is quoted.
 */
export function compare(bench: Bench, one: string, other: string): Promise<Comparison> {
  const { warmUp, block, pairs } = bench.plan;
  return bench.withClient([one, other], async (client) => {
    const run = (candidate: number, logins: number) => client.block({ candidate, logins, parallel: PARALLEL });
    await run(0, warmUp);
    await run(1, warmUp);
    const ratios: { cpu: number[]; p99: number[] } = { cpu: [], p99: [] };
    const each: [number[], number[]] = [[], []];
    for (let pair = 0; pair < pairs; pair += 1) {
      const isReversed = pair % 2 === 1;
      const first = await run(isReversed ? 1 : 0, block);
      const second = await run(isReversed ? 0 : 1, block);
      const [a, b] = isReversed ? [second, first] : [first, second];
      ratios.cpu.push(a.cpu / b.cpu);
      ratios.p99.push(a.p99 / b.p99);
      each[0].push(a.cpu);
      each[1].push(b.cpu);
    }
    return {
      cpu: summarize(ratios.cpu),
      p99: summarize(ratios.p99),
      each: [summarize(each[0]).median, summarize(each[1]).median],
    };
  });
}
