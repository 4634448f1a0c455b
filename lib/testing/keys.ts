import { generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  /** The public half as a JSON Web Key. */
  jwk: Record<string, unknown>;
}

async function generateKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { kid: randomBytes(15).toString('base64url'), privateKey, jwk: { ...publicKey.export({ format: 'jwk' }) } };
}

let firstKeys: [Promise<SigningKey>, Promise<SigningKey>] | undefined;

/**
 * A tenant's signing keys: the current one, the next one (published ahead, as Auth0 does) and, after a rotation, the
 * previous one. RSA keys are slow to make, so all tenants of a process start with the same two.
 */
export class SigningKeys {
  private previous: Promise<SigningKey> | undefined;
  private active: Promise<SigningKey>;
  private next: Promise<SigningKey>;

  constructor() {
    firstKeys ??= [generateKey(), generateKey()];
    [this.active, this.next] = firstKeys;
  }

  /** Resolves once the keys are made. */
  async ready(): Promise<void> {
    await this.all();
  }

  /** The key that signs. */
  current(): Promise<SigningKey> {
    return this.active;
  }

  /** The key with this `kid`, unless it is older than the previous one. */
  async find(kid: unknown): Promise<SigningKey | undefined> {
    return (await this.all()).find((key) => key.kid === kid);
  }

  rotate(): void {
    this.previous = this.active;
    this.active = this.next;
    this.next = generateKey();
  }

  /** The document at `/.well-known/jwks.json`. Auth0's also has each key's certificate, as `x5c` and `x5t`. */
  async jwks(withAlg: boolean): Promise<{ keys: object[] }> {
    const keys = await this.all();
    return {
      keys: keys.map(({ kid, jwk }) => ({ kty: 'RSA', use: 'sig', alg: withAlg ? 'RS256' : undefined, ...jwk, kid })),
    };
  }

  private all(): Promise<SigningKey[]> {
    return Promise.all([this.active, this.next, ...(this.previous ? [this.previous] : [])]);
  }
}
