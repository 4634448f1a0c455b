import type { Bench } from '../bench.js';
import { count, type Row } from '../rows.js';
import type { Counts } from '../stub.js';

/** How often Auth0 is asked, as the stub counts it. */
export async function requests(bench: Bench): Promise<Row[]> {
  /** By a process that has signed nobody in yet; `before` is not counted. */
  const counted = (candidate: string, logins: number, before = 0) =>
    bench.withClient([candidate], async (client) => {
      if (before > 0) await client.block({ candidate: 0, logins: before, parallel: before });
      await bench.stub.ask('counts');
      await client.block({ candidate: 0, logins, parallel: logins });
      return bench.stub.ask('counts');
    });

  const many = await counted('candidates/login', 256);
  return [
    count('requests of a start', all(await counted('candidates/start', 1)), 1),
    count('requests of a verification', all(await counted('candidates/login', 1, 1)), 1),
    count('requests of the first verification of a process', all(await counted('candidates/login', 1)), 2),
    count('requests of the first verification after warmUp()', all(await counted('candidates/login-warm', 1)), 1),
    count('fetches of the signing keys by 256 first verifications at once', many.requests[KEYS] ?? 0, 1),
  ];
}

const KEYS = '/.well-known/jwks.json';

const all = ({ requests }: Counts) => Object.values(requests).reduce((sum, each) => sum + each, 0);
