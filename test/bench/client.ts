/** A process that signs in, by the candidates that it is told to load. Everything that is measured of them is measured here. */
import { setImmediate } from 'node:timers/promises';
import { answerQuestions } from '../load/process.js';
import type { CreateCandidate } from './candidate.js';

export interface ClientOptions {
  origin: string;
  /** Files without their ending, relative to this folder. One that is named twice is made twice. */
  candidates: string[];
}

export interface ClientQuestions {
  /** Once it is there, everything is loaded and made. */
  ready: null;
  /** So many logins of one candidate. */
  block: Block;
  /** Bytes in use after forced collections. */
  heap: number;
}

export interface BlockOptions {
  /** Its index. */
  candidate: number;
  logins: number;
  /** How many are under way at once. */
  parallel: number;
}

export interface Block {
  /** Microseconds of CPU for each login: user and system, of all threads of the process. */
  cpu: number;
  /** Logins in a second. */
  rate: number;
  /** Milliseconds, which 99 of 100 logins do not exceed. */
  p99: number;
}

const { origin, candidates } = JSON.parse(process.env.OPTIONS ?? '') as ClientOptions;
const logins = await Promise.all(
  candidates.map(async (file) => {
    const { default: create } = (await import(`./${file}.js`)) as { default: CreateCandidate };
    return create(origin);
  }),
);

answerQuestions<ClientQuestions>({
  ready: () => null,
  block: (options) => block(JSON.parse(options) as BlockOptions),
  async heap() {
    for (let round = 0; round < 3; round += 1) {
      await setImmediate();
      globalThis.gc?.();
    }
    return process.memoryUsage().heapUsed;
  },
});

async function block({ candidate, logins: wanted, parallel }: BlockOptions): Promise<Block> {
  const login = logins[candidate];
  if (!login) throw new Error(`There is no candidate ${candidate}.`);
  const durations = new Float64Array(wanted);
  let begun = 0;
  async function work(): Promise<void> {
    while (begun < wanted) {
      const index = begun++;
      const beginning = performance.now();
      await login?.();
      durations[index] = performance.now() - beginning;
    }
  }
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await Promise.all(Array.from({ length: parallel }, work));
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - before) / 1000;
  const p99 = durations.sort()[Math.ceil(wanted * 0.99) - 1] ?? 0;
  return { cpu: (user + system) / wanted, rate: wanted / seconds, p99 };
}
