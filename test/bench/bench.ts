import { fileURLToPath } from 'node:url';
import { type Process, startProcess } from '../load/process.js';
import type { Block, BlockOptions, ClientOptions, ClientQuestions } from './client.js';
import type { Plan } from './plan.js';
import type { StubQuestions } from './stub.js';

/** What every part works with. */
export interface Bench {
  plan: Plan;
  stub: Process<StubQuestions>;
  /** Runs `measure` with a new process, in which these candidates are ready. */
  withClient<T>(candidates: string[], measure: (client: Client) => Promise<T>): Promise<T>;
}

export interface Client {
  block(options: BlockOptions): Promise<Block>;
  heap(): Promise<number>;
}

const here = (file: string) => new URL(file, import.meta.url);

/** Runs `measure` with a stub of its own. */
export async function withBench<T>(plan: Plan, measure: (bench: Bench) => Promise<T>): Promise<T> {
  // So that every candidate trusts the stub in the way in which it trusts Auth0: by what Node trusts.
  process.env.NODE_EXTRA_CA_CERTS = fileURLToPath(here('../fixtures/localhost.cert.pem'));
  const stub = startProcess<StubQuestions>(here('stub.ts').href);
  try {
    const origin = await stub.ask('origin');
    return await measure({ plan, stub, withClient: (candidates, use) => withClient({ origin, candidates }, use) });
  } finally {
    await stub.stop();
  }
}

async function withClient<T>(options: ClientOptions, measure: (client: Client) => Promise<T>): Promise<T> {
  const client = startProcess<ClientQuestions>(here('client.ts').href, options);
  try {
    await client.ask('ready');
    return await measure({
      block: (block) => client.ask('block', JSON.stringify(block)),
      heap: () => client.ask('heap'),
    });
  } finally {
    await client.stop();
  }
}
