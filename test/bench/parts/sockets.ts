import type { Bench } from '../bench.js';
import { ratio, type Row } from '../rows.js';
import { summarize } from '../statistics.js';

const PARALLEL = 256;
/** What the package documents. */
const BOUND = 128;
/** Milliseconds that the stub takes for an answer. */
const DELAY = 20;

/** What the bound of the pool saves and costs while 256 logins are under way and Auth0 takes its time. */
export async function sockets(bench: Bench): Promise<Row[]> {
  await bench.stub.ask('delay', String(DELAY));
  const run = (candidates: string[], pairs: number) =>
    bench.withClient(candidates, async (client) => {
      const logins = bench.plan.block * 2;
      const rate = async (candidate: number) => (await client.block({ candidate, logins, parallel: PARALLEL })).rate;
      for (const candidate of candidates.keys()) await rate(candidate);
      const ratios: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        const [one, other] = pair % 2 === 0 ? [await rate(0), await rate(1)] : [await rate(1), await rate(0)].reverse();
        ratios.push((one ?? NaN) / (other ?? NaN));
      }
      return ratios;
    });
  const most = async (candidate: string) => {
    await bench.stub.ask('counts');
    await run([candidate], 0);
    return (await bench.stub.ask('counts')).sockets;
  };

  const bounded = await most('candidates/login');
  const unbounded = await most('candidates/login-unbounded');
  const ratios = await run(['candidates/login', 'candidates/login-unbounded'], Math.ceil(bench.plan.pairs / 4));
  await bench.stub.ask('delay', '0');
  const { median, ...quartiles } = summarize(ratios);
  return [
    {
      what: `sockets with ${PARALLEL} in parallel (without a bound: ${unbounded})`,
      goal: `at most ${BOUND}`,
      measured: String(bounded),
      isMet: bounded <= BOUND,
      isCount: true,
    },
    {
      ...ratio(`throughput / that without a bound, with ${PARALLEL} in parallel and ${DELAY} ms of delay`, {
        median,
        ...quartiles,
      }),
      goal: 'at least 0.90',
      isMet: median >= 0.9,
    },
  ];
}
