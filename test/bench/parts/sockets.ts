import type { Bench, Client } from '../bench.js';
import { ratio, type Row } from '../rows.js';
import { summarize } from '../statistics.js';

const PARALLEL = 256;
/** What docs/options.md says of the pool. */
const BOUND = 160;
/** Milliseconds that the stub takes for an answer. */
const DELAY = 20;

const BOUNDED = 'candidates/login';
const UNBOUNDED = 'candidates/login-unbounded';

/** What the bound of the pool saves and costs while 256 logins are under way and Auth0 takes its time. */
export async function sockets(bench: Bench): Promise<Row[]> {
  const { block, pairs } = bench.plan;
  const logins = Math.max(block, PARALLEL) * 2;
  const rate = async (client: Client, candidate: number) =>
    (await client.block({ candidate, logins, parallel: PARALLEL })).rate;
  const most = (candidate: string) =>
    bench.withClient([candidate], async (client) => {
      await bench.stub.ask('counts');
      await rate(client, 0);
      return (await bench.stub.ask('counts')).sockets;
    });

  await bench.stub.ask('delay', String(DELAY));
  const bounded = await most(BOUNDED);
  const unbounded = await most(UNBOUNDED);
  const ratios = await bench.withClient([BOUNDED, UNBOUNDED], async (client) => {
    for (const candidate of [0, 1]) await rate(client, candidate);
    const all: number[] = [];
    // Each round is A B B A: two pairs.
    for (let round = 0; round < pairs / 2; round += 1) {
      const [first, second] = [await rate(client, 0), await rate(client, 1)];
      const [third, fourth] = [await rate(client, 1), await rate(client, 0)];
      all.push(first / second, fourth / third);
    }
    return all;
  });
  await bench.stub.ask('delay', '0');

  const throughput = summarize(ratios);
  return [
    {
      what: `sockets with ${PARALLEL} in parallel (without a bound: ${unbounded})`,
      goal: `at most ${BOUND}`,
      measured: String(bounded),
      isMet: bounded <= BOUND,
      isCount: true,
    },
    {
      ...ratio(`throughput / that without a bound, with ${PARALLEL} in parallel and ${DELAY} ms of delay`, throughput),
      goal: 'at least 0.90',
      isMet: throughput.median >= 0.9,
    },
  ];
}
