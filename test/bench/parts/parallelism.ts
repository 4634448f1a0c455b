import type { Bench, Client } from '../bench.js';
import type { Row } from '../rows.js';
import { median, shuffled } from '../statistics.js';

export const PARALLELISMS = [1, 4, 16, 64, 256];

/** A line of the plot: microseconds of CPU for one login, with so many in parallel. */
export interface Line {
  name: string;
  costs: number[];
}

/**
 * Every candidate in a process of its own, and a stub that serves one at a time: each pair of candidate and parallelism is
 * visited once in a random order, then again.
 */
export async function parallelism(
  bench: Bench,
  candidates: readonly { file: string; name: string }[],
): Promise<Line[]> {
  const { warmUp, block, visits } = bench.plan;
  const costs = candidates.map(() => PARALLELISMS.map((): number[] => []));
  await withClients(
    bench,
    candidates.map(({ file }) => file),
    async (clients) => {
      for (const client of clients) await client.block({ candidate: 0, logins: warmUp, parallel: 64 });
      const pairs = clients.flatMap((client, candidate) =>
        PARALLELISMS.map((parallel, index) => ({ client, candidate, parallel, index })),
      );
      for (let visit = 0; visit < visits; visit += 1) {
        for (const { client, candidate, parallel, index } of shuffled(pairs)) {
          const { cpu } = await client.block({ candidate: 0, logins: block, parallel });
          costs[candidate]?.[index]?.push(cpu);
        }
      }
    },
  );
  return candidates.map(({ name }, candidate) => ({ name, costs: (costs[candidate] ?? []).map(median) }));
}

/** Whether a login costs the same beside others as alone: none costs more. */
export function flatness({ costs }: Line): Row {
  const [alone = NaN] = costs;
  const highest = Math.max(...costs.slice(1)) / alone;
  return {
    what: 'CPU of a verification with 4 to 256 in parallel / alone',
    goal: 'flat',
    measured: `at most ${highest.toFixed(2)}`,
    isMet: highest < 1.1,
  };
}

/** As many processes as there are candidates. */
function withClients<T>(bench: Bench, files: string[], measure: (clients: Client[]) => Promise<T>): Promise<T> {
  const [file, ...others] = files;
  if (file === undefined) return measure([]);
  return bench.withClient([file], (client) => withClients(bench, others, (clients) => measure([client, ...clients])));
}
