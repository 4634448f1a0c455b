import type { Bench } from '../bench.js';
import { compare } from '../compare.js';
import { ratio, type Row } from '../rows.js';

/** A start, against the least that it can be. */
export async function start(bench: Bench): Promise<Row[]> {
  const { cpu, each } = await compare(bench, 'candidates/start', 'candidates/start-floor');
  const [microseconds, least] = each.map(Math.round);
  return [
    ratio(`CPU of a start (${microseconds} µs) / the same POST by undici, and the seal (${least} µs)`, cpu, 1.15),
  ];
}
