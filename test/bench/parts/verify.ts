import type { Bench } from '../bench.js';
import { CANDIDATES } from '../candidates.js';
import { compare } from '../compare.js';
import { ratio, type Row } from '../rows.js';

const { floor, ours, passportAuth0, legacy, authJS, openidClient } = CANDIDATES;

/** A whole verification of a code, against the least that it can be. */
export async function verify(bench: Bench): Promise<Row[]> {
  const { cpu, p99, each } = await compare(bench, ours.file, floor.file);
  const [microseconds, least] = each.map(Math.round);
  return [
    ratio(`CPU of a verification (${microseconds} µs) / undici + jose (${least} µs)`, cpu, 1.15),
    ratio('p99 with 64 in parallel / undici + jose', p99, 1.3),
  ];
}

/** The same against what others do for a login. */
export async function peers(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [peer, most] of [
    [legacy, 0.4],
    [authJS, 0.42],
    [openidClient, 0.4],
    [passportAuth0, 0.75],
  ] as const) {
    const { cpu } = await compare(bench, ours.file, peer.file);
    rows.push(ratio(`CPU of a verification / ${peer.name}`, cpu, most));
  }
  return rows;
}

/** How far ratios are from 1 where nothing differs. */
export async function noise(bench: Bench): Promise<Row[]> {
  const { cpu, p99 } = await compare(bench, ours.file, ours.file);
  return [ratio('noise: CPU of a verification / itself', cpu), ratio('noise: p99 with 64 in parallel / itself', p99)];
}
